import { outsideZones } from '../../internal/remote/index.js';
import { WebLocksUnavailableError } from '../web-locks-unavailable-error.js';
import { hasAnswered, noteAnswer, requestsAreChecked } from './first-answer.js';
import { localLocks } from './local-locks.js';
import { endNudging, startNudging } from './nudge.js';
import { isNode, platformLocks, refusalIn, type LockManager, type LockRequest } from './platform.js';

/** What happens to a claim. None of these functions throws. One of the first three answers it, unless it ends before. */
export interface Claimant {
  granted(): void;
  /** The lock is not free, and the claim must not wait. */
  busy(): void;
  failed(error: unknown): void;
  /** What was granted was taken away. */
  lost(reason: unknown): void;
}

/** A request for one lock or several, from the question until the return. */
export interface Claim {
  start(): void;
  /** Leaves the queue, or gives back what was granted. The claimant hears nothing afterwards. */
  end(): void;
}

/** Waits, answers at once, or takes the lock from its holder. */
export type Way = 'wait' | 'now' | 'steal';

/** What a claim asks for. */
export interface Wanted {
  readonly name: string;
  readonly mode: 'exclusive' | 'shared';
  readonly fallback: 'none' | 'local';
}

// ASKED: not yet answered. HELD: the platform waits for the promise that `free` resolves. ENDED: the claimant hears nothing more.
type Phase = 'asked' | 'held' | 'ended';

/** The claims of this thread that have the lock of a name. */
const heldHere = new Map<string, Set<LockClaim>>();

/**
 * Resolves when the platform has heard of all claims of a name that have ended here. A lock that was released a moment ago would
 * look busy. So a claim that must not wait for a holder waits for this. It is one promise a name: to wait for each of the claims
 * would take quadratic time where many end in one turn.
 */
const endingHere = new Map<string, Promise<void>>();

/**
 * A request to the platform for one lock.
 *
 * ```
 *            the callback is called           end(): the promise of the callback resolves
 *    ASKED ─────────────────────────►  HELD  ──────────────────────────────────────────────►  ENDED
 *      │                                 └── request() rejects: the lock is lost ───────────────►│
 *      └── end(): aborted, or given back as soon as the callback is called ─────────────────────►│
 * ```
 *
 * The callback never throws, since in Node a callback that throws holds its lock for ever. It uses nothing that is assigned from
 * the result of `request()`, since Node can call it before `request()` returns.
 */
export class LockClaim implements Claim {
  private phase: Phase = 'asked';
  private readonly aborter: AbortController | undefined;
  /** Whether the platform can overlook an abort, see `first-answer.ts`. */
  private isUnchecked = false;
  private free: () => void = () => undefined;
  private settled: () => void = () => undefined;

  constructor(
    private readonly wanted: Wanted,
    private readonly way: Way,
    private readonly claimant: Claimant,
  ) {
    this.aborter = way === 'wait' ? new AbortController() : undefined;
  }

  get isHeld(): boolean {
    return this.phase === 'held';
  }

  start(): void {
    outsideZones(() => {
      if (this.way === 'wait') {
        startNudging(this, this.wanted.name);
        this.ask(this.wanted.mode, this.aborter && { signal: this.aborter.signal });
      } else if (this.way === 'now' || isNode()) {
        this.askWhenReturned();
      } else {
        this.ask(this.wanted.mode, { steal: true });
      }
    });
  }

  end(): void {
    if (this.phase === 'ended') {
      return;
    }
    this.leave();
    outsideZones(() => {
      noteEnding(this.wanted.name, new Promise((resolve) => (this.settled = resolve)));
      if (this.isUnchecked) {
        void requestsAreChecked().then(() => this.aborter?.abort());
      } else {
        this.aborter?.abort();
      }
      this.free();
    });
  }

  private leave(): void {
    this.phase = 'ended';
    endNudging(this);
    remove(heldHere, this.wanted.name, this);
  }

  private askWhenReturned(): void {
    const ending = endingHere.get(this.wanted.name);
    const ask = (): void => {
      if (this.phase === 'ended') {
        this.settled();
      } else {
        this.ask(this.wanted.mode, { ifAvailable: true });
      }
    };
    if (ending === undefined) {
      ask();
    } else {
      void ending.then(ask);
    }
  }

  private ask(mode: 'exclusive' | 'shared', how: LockRequest | undefined): void {
    try {
      this.askOf(platformLocks(), { mode, ...how });
    } catch (error) {
      this.refused(error, { mode, ...how });
    }
  }

  private askOf(locks: LockManager, request: LockRequest): void {
    this.isUnchecked = !hasAnswered(locks);
    locks
      .request(this.wanted.name, request, (lock) => {
        this.isUnchecked = false;
        noteAnswer(locks);
        return this.answered(lock);
      })
      .then(
        () => {
          this.settled();
        },
        (error: unknown) => {
          this.rejected(error, request);
          this.settled();
        },
      );
  }

  /** Called by the platform. It keeps the lock until the returned promise resolves. */
  private answered(lock: object | null): Promise<void> | undefined {
    if (this.phase === 'ended') {
      return undefined; // the claim ended on the way of its grant
    }
    if (lock === null) {
      this.wasBusy();
      return undefined;
    }
    this.phase = 'held';
    endNudging(this);
    const victims = this.way === 'steal' ? [...(heldHere.get(this.wanted.name) ?? [])] : [];
    add(heldHere, this.wanted.name, this);
    return new Promise((resolve) => {
      this.free = resolve;
      rob(victims);
      // The loss runs foreign code, which may have ended this claim.
      if (this.isHeld) {
        this.claimant.granted();
      }
    });
  }

  /**
   * A claim that steals comes here in Node alone, where it asks for what is free first. To steal from another thread would abort
   * the process.
   */
  private wasBusy(): void {
    if (this.way === 'now') {
      this.leave();
      this.claimant.busy();
    } else if (heldHere.has(this.wanted.name)) {
      this.ask(this.wanted.mode, { steal: true });
    } else {
      this.fail(
        new WebLocksUnavailableError(
          `cannot steal web lock "${this.wanted.name}": in Node, only a lock that this thread holds can be stolen`,
        ),
      );
    }
  }

  /** The platform broke its promise. Before the grant that is a failure, after it a loss, whatever the error is called. */
  private rejected(error: unknown, request: LockRequest): void {
    if (this.phase === 'asked') {
      this.refused(refusalIn(error), request);
    } else {
      this.lose(error);
    }
  }

  /** The lock was taken away, if the claim has it. */
  lose(reason: unknown): void {
    if (this.phase !== 'held') {
      return; // another victim's loss has ended this claim
    }
    this.leave();
    this.claimant.lost(reason);
  }

  private refused(error: unknown, request: LockRequest): void {
    if (error instanceof WebLocksUnavailableError && this.wanted.fallback === 'local') {
      this.askOf(localLocks, request);
    } else {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.leave();
    this.claimant.failed(error);
  }
}

/** The platform tells a victim in a later turn, and Node only after the thief has released. So this thread tells its own. */
function rob(victims: readonly LockClaim[]): void {
  for (const victim of victims) {
    victim.lose(new Error('the lock was stolen by the same page'));
  }
}

function noteEnding(name: string, ending: Promise<void>): void {
  const before = endingHere.get(name);
  const all = before === undefined ? ending : before.then(() => ending);
  endingHere.set(name, all);
  void all.then(() => {
    if (endingHere.get(name) === all) {
      endingHere.delete(name);
    }
  });
}

function add<T>(sets: Map<string, Set<T>>, name: string, member: T): void {
  const set = sets.get(name);
  if (set === undefined) {
    sets.set(name, new Set([member]));
  } else {
    set.add(member);
  }
}

function remove<T>(sets: Map<string, Set<T>>, name: string, member: T): void {
  const set = sets.get(name);
  set?.delete(member);
  if (set?.size === 0) {
    sets.delete(name);
  }
}
