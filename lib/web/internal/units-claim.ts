import { outsideZones } from '../../internal/remote/index.js';
import { LockClaim, type Claim, type Claimant, type Wanted, type Way } from './claim.js';

/** What happens to a claim of several units. */
export interface UnitsClaimant extends Claimant {
  /** A part was taken away before the grant. The claim has ended, and must be made anew. */
  interrupted(): void;
}

/** What a claim of units asks for. The units of the semaphore `name` are the locks `name#0`, `name#1`, … */
export interface WantedUnits {
  readonly name: string;
  /** How many units there are. */
  readonly value: number;
  /** How many of them to get. */
  readonly weight: number;
  readonly fallback: 'none' | 'local';
}

/** The claims that must not wait, by name: each asks when those before it have their answers. */
const triesHere = new Map<string, Promise<void>>();

/** The one of them that is asking for the queue, by name. */
const askingHere = new Map<string, UnitsClaim>();

/** The claims that have the queue and do not know yet whether enough units are free, by name. */
const takingHere = new Map<string, Promise<void>>();

/**
 * A claim of several units of a semaphore. Its queue is a lock, and each unit is one more:
 *
 * ```
 *   name ──► granted: asks for as many free units as it needs
 *                │ too few
 *                ▼
 *            waits for all other units ──► has enough: gives up the rest, lets the next one into the queue, is granted
 * ```
 *
 * Whoever holds the lock `name` is the head of the queue, and takes units alone. So a claim of many units is not overtaken, and
 * two claims cannot wait for each other's units. A tab that crashes gives everything back.
 *
 * Taking free units takes some messages, during which the queue looks busy. So a claim that must not wait lets the other claims
 * of this page finish that.
 */
export class UnitsClaim implements Claim {
  /** Undefined until it is the turn of this claim. */
  private queue: LockClaim | undefined = undefined;
  /** The claims of units that were asked for and that have not been refused. */
  private readonly units = new Map<number, LockClaim>();
  private held = 0;
  private isOver = false;
  /** Whether another claim of this page had the queue while this one was asking for it. It may have left since. */
  private wasPassed = false;
  private tried: () => void = () => undefined;
  private taken: () => void = () => undefined;

  constructor(
    private readonly wanted: WantedUnits,
    private readonly way: Way,
    private readonly claimant: UnitsClaimant,
  ) {}

  start(): void {
    if (this.way === 'wait') {
      this.enter();
      return;
    }
    outsideZones(() => {
      const before = triesHere.get(this.wanted.name);
      this.tried = noteUntil(triesHere, this.wanted.name, before);
      if (before === undefined) {
        this.enter();
      } else {
        this.enterAfter(before);
      }
    });
  }

  end(): void {
    this.over();
    this.queue?.end();
    this.endUnits();
  }

  private over(): void {
    this.isOver = true;
    this.leaveAsking();
    this.taken();
    this.tried();
  }

  private enterAfter(others: Promise<void>): void {
    void others.then(() => {
      if (!this.isOver) {
        this.enter();
      }
    });
  }

  private leaveAsking(): void {
    if (askingHere.get(this.wanted.name) === this) {
      askingHere.delete(this.wanted.name);
    }
  }

  private enter(): void {
    if (this.way !== 'wait') {
      this.wasPassed = takingHere.has(this.wanted.name);
      askingHere.set(this.wanted.name, this);
    }
    this.queue = this.lock(this.wanted.name, this.way, {
      granted: () => {
        this.leaveAsking();
        const passed = askingHere.get(this.wanted.name);
        if (passed !== undefined) {
          passed.wasPassed = true;
        }
        this.taken = noteUntil(takingHere, this.wanted.name);
        this.askForFirst();
      },
      busy: () => {
        const taking = takingHere.get(this.wanted.name);
        if (taking !== undefined || this.wasPassed) {
          this.enterAfter(taking ?? Promise.resolve());
        } else {
          this.over();
          this.claimant.busy();
        }
      },
    });
    this.queue.start();
  }

  /** Asks for as many units as it needs. It asks for the others only if these are too few. */
  private askForFirst(): void {
    this.ask(0, this.wanted.weight, 'now', () => {
      if (this.way === 'wait') {
        this.taken(); // it may have to wait
      }
      this.ask(this.way === 'now' ? this.wanted.weight : 0, this.wanted.value, this.way, () => {
        this.end();
        this.claimant.busy();
      });
    });
  }

  /** Asks for the units from `first` to `end` that it does not have. If they have all been refused, it calls `tooFew`. */
  private ask(first: number, end: number, way: Way, tooFew: () => void): void {
    const indices = Array.from({ length: end - first }, (_, index) => first + index).filter((each) => !this.units.has(each));
    let answers = 0;
    const answered = (): void => {
      answers++;
      if (answers === indices.length && !this.isOver) {
        tooFew();
      }
    };
    for (const index of indices) {
      if (!this.isOver) {
        this.askFor(index, way, answered);
      }
    }
    if (indices.length === 0) {
      tooFew();
    }
  }

  private askFor(index: number, way: Way, answered: () => void): void {
    const unit = this.lock(`${this.wanted.name}#${String(index)}`, way, {
      granted: () => {
        this.held++;
        if (this.held === this.wanted.weight) {
          this.take();
        }
        answered();
      },
      busy: () => {
        this.units.delete(index);
        answered();
      },
    });
    this.units.set(index, unit);
    unit.start();
  }

  /** It has enough: gives up the units on their way, and lets the next claim take units. */
  private take(): void {
    this.over();
    for (const [index, unit] of this.units) {
      if (!unit.isHeld) {
        this.units.delete(index);
        unit.end();
      }
    }
    this.queue?.end();
    this.claimant.granted();
  }

  private lock(name: string, way: Way, answers: Pick<Claimant, 'granted' | 'busy'>): LockClaim {
    const wanted: Wanted = { name, mode: 'exclusive', fallback: this.wanted.fallback };
    return new LockClaim(wanted, way, {
      ...answers,
      failed: (error) => {
        this.end();
        this.claimant.failed(error);
      },
      lost: (reason) => {
        this.lost(reason);
      },
    });
  }

  /** A part was stolen: after the grant that is a loss. Before it, the claim has only a part, and must ask anew. */
  private lost(reason: unknown): void {
    const wasGranted = this.held >= this.wanted.weight;
    this.end();
    if (wasGranted) {
      this.claimant.lost(reason);
    } else {
      this.claimant.interrupted();
    }
  }

  private endUnits(): void {
    for (const unit of this.units.values()) {
      unit.end();
    }
    this.units.clear();
  }
}

/** Notes a promise by name, until `before` has resolved and the returned function was called. */
function noteUntil(promises: Map<string, Promise<void>>, name: string, before?: Promise<void>): () => void {
  let resolve = (): void => undefined;
  const own = new Promise<void>((each) => (resolve = each));
  const all = before === undefined ? own : before.then(() => own);
  promises.set(name, all);
  void all.then(() => {
    if (promises.get(name) === all) {
      promises.delete(name);
    }
  });
  return resolve;
}
