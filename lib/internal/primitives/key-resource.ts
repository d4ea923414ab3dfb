import type { KeyedLock } from '../../keyed-lock.js';
import type { Claim } from '../waiting/claim.js';
import type { Demand } from '../waiting/demand.js';
import { refuseAllButOne, type Entrance } from '../waiting/entrance.js';
import type { Seat, Ticket } from '../queue/key-queues.js';
import { shown } from '../checks/shown.js';
import type { TraceStep } from '../delivery/tracer.js';
import type { Wakeable } from '../delivery/wake-list.js';

/** The entrance of a claim for some keys, and its home. */
export class KeySeat<K> implements Seat<K>, Entrance {
  tickets: Ticket<K>[] = [];
  missing = 0;
  arrival = 0;
  claim!: Claim;

  constructor(
    private readonly locks: KeyedLock<K>,
    readonly keys: readonly K[],
  ) {}

  check(demand: Demand): void {
    this.locks.checkOpen(this);
    refuseAllButOne(this, demand);
  }

  isFreeFor(): boolean {
    return this.locks.lines.areFree(this.keys);
  }

  take(): void {
    this.locks.lines.join(this);
  }

  publish(step: TraceStep, claim: Claim): void {
    this.locks.publish(step, claim);
  }

  park(claim: Claim): void {
    this.locks.park(claim, this, this);
  }

  cancel(claim: Claim, told?: Wakeable): void {
    this.locks.lines.leave(this);
    this.locks.cancel(claim, told);
  }

  giveBack(claim: Claim, told?: Wakeable, step: TraceStep = 'release'): void {
    this.locks.lines.leave(this);
    this.locks.settle(told, step, claim);
  }

  note(step: TraceStep, claim: Claim): void {
    this.locks.note(step, claim);
  }

  unpromise(): void {
    // Nothing depends on whether a promise was kept.
  }

  /** The keys and their lock, for messages. */
  toString(): string {
    const { locks, keys } = this;
    const names = keys.map(shown).join(', ');
    return `${keys.length === 1 ? `key ${names}` : keys.length === 0 ? 'no keys' : `keys ${names}`} of ${String(locks)}`;
  }
}
