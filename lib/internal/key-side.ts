import type { KeyedLock } from '../keyed-lock.js';
import type { Claim } from './claim.js';
import type { Entrance } from './entrance.js';
import type { Seat, Ticket } from './key-lines.js';
import { Side } from './side.js';
import type { Wakeable } from './wake-list.js';

/** What `get` and `all` return: it keeps no line alive, and looks the lines of its keys up when one comes. */
export class KeySide<K> extends Side {
  constructor(
    readonly locks: KeyedLock<K>,
    readonly keys: readonly K[],
  ) {
    super();
  }

  /** What it is of which lock, for messages. */
  override toString(): string {
    const { locks, keys } = this;
    const names = keys.map(quoted).join(', ');
    return `${keys.length === 1 ? `key ${names}` : keys.length === 0 ? 'no keys' : `keys ${names}`} of ${String(locks)}`;
  }

  protected entrance(): Entrance {
    return new KeySeat(this);
  }
}

/** The way in for one claim, and its home. */
class KeySeat<K> implements Seat<K>, Entrance {
  readonly keys: readonly K[];
  tickets: Ticket<K>[] = [];
  missing = 0;
  arrival = 0;
  claim!: Claim;

  constructor(private readonly side: KeySide<K>) {
    this.keys = side.keys;
  }

  check(weight: number): void {
    this.side.locks.checkOpen('acquire', this);
    if (weight > 1) {
      throw new RangeError(`cannot acquire ${String(weight)} of ${String(this)}: it never has more than 1`);
    }
  }

  isFreeFor(): boolean {
    return this.side.locks.lines.areFree(this.keys);
  }

  take(): void {
    this.side.locks.lines.join(this);
  }

  publish(): void {
    this.side.locks.publish();
  }

  park(claim: Claim, tried: string): void {
    this.side.locks.park(claim, tried, this);
  }

  cancel(claim: Claim, told?: Wakeable): void {
    const { locks } = this.side;
    locks.lines.leave(this);
    locks.cancel(claim, told);
  }

  giveBack(_claim: Claim, told?: Wakeable): void {
    const { locks } = this.side;
    locks.lines.leave(this);
    locks.settle(told);
  }

  unpromise(): void {
    // Nothing depends on whether a promise was kept.
  }

  toString(): string {
    return String(this.side);
  }
}

/** A key, for messages: there are objects that cannot be made a string. */
function quoted(key: unknown): string {
  try {
    return `"${String(key)}"`;
  } catch {
    return '"[object Object]"';
  }
}
