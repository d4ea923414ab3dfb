import { shown } from '../checks/shown.js';
import type { Wakeable } from '../delivery/delivery.js';
import type { KeyQueues, Request, Ticket } from '../queue/key-queues.js';
import type { Waiter } from '../waiting/waiter.js';
import { SideResource, type SidedPrimitive } from './side.js';

/** What one waiter acquires of a keyed lock: some keys, all of them at once. */
export class KeyRequest<K> extends SideResource implements Request<K, Waiter> {
  tickets: Ticket<K, Waiter>[] = [];
  lacking = 0;
  waiter!: Waiter;
  arrival = 0;

  constructor(
    private readonly locks: SidedPrimitive,
    private readonly queues: KeyQueues<K, Waiter>,
    readonly keys: readonly K[],
  ) {
    super(locks);
  }

  isFreeFor(): boolean {
    return this.queues.areFree(this.keys);
  }

  grant(): void {
    this.queues.join(this);
  }

  protected free(): void {
    this.queues.leave(this);
  }

  override dequeue(waiter: Waiter, notice?: Wakeable): void {
    this.queues.leave(this);
    super.dequeue(waiter, notice);
  }

  /** The keys and their lock, for messages. */
  toString(): string {
    const { locks, keys } = this;
    const names = keys.map(shown).join(', ');
    return `${keys.length === 1 ? `key ${names}` : keys.length === 0 ? 'no keys' : `keys ${names}`} of ${String(locks)}`;
  }
}
