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
 */
export class UnitsClaim implements Claim {
  private readonly queue: LockClaim;
  /** The claims of units that were asked for and that have not been refused. */
  private readonly units = new Map<number, LockClaim>();
  private held = 0;
  private isOver = false;

  constructor(
    private readonly wanted: WantedUnits,
    private readonly way: Way,
    private readonly claimant: UnitsClaimant,
  ) {
    this.queue = this.lock(wanted.name, way, {
      granted: () => {
        this.askForFirst();
      },
      busy: () => {
        this.isOver = true;
        claimant.busy();
      },
    });
  }

  start(): void {
    this.queue.start();
  }

  end(): void {
    this.isOver = true;
    this.queue.end();
    this.endUnits();
  }

  /** Asks for as many units as it needs. It asks for the others only if these are too few. */
  private askForFirst(): void {
    this.ask(0, this.wanted.weight, 'now', () => {
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
    this.isOver = true;
    for (const [index, unit] of this.units) {
      if (!unit.isHeld) {
        this.units.delete(index);
        unit.end();
      }
    }
    this.queue.end();
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
