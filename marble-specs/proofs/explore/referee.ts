import { nameOf } from './stage.js';

interface Waiter {
  readonly name: string;
  readonly weight: number;
  readonly priority: number;
  /** Whether the queue was empty when this one arrived. */
  readonly isFirst: boolean;
}

/**
 * Knows the waiters and the holders of one primitive from what the actors report alone, and notes what must not happen: a
 * waiter that overtakes another one, or a grant after a timeout.
 */
export class Referee {
  /** What was wrong, if anything was. */
  wrong: string | undefined;

  /** How often `release()` of the primitive has taken their permits from all holders. */
  releases = 0;

  /** Actors that have arrived and were neither granted nor cancelled, in the order of their arrival. */
  private readonly queue: Waiter[] = [];
  /** The name of the last one that arrived. */
  private newest = '';
  /** The weights of the holders, by their names. */
  private readonly holders = new Map<string, number>();
  /** The waiters that have timed out. */
  private readonly expired = new Set<string>();
  /** Whether all waiters were cancelled: some receive that error although they have timed out meanwhile. */
  private hasCancelled = false;

  /** The sum of the weights of all holders. */
  get held(): number {
    return [...this.holders.values()].reduce((sum, weight) => sum + weight, 0);
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** The weight of the head of the queue. */
  get wanted(): number | undefined {
    const highest = Math.max(...this.queue.map(({ priority }) => priority));
    return this.queue.find(({ priority }) => priority === highest)?.weight;
  }

  /**
   * @param waiting - how many waiters are in the queue. If there are none, a grant may be immediate although other grants
   * are not delivered yet; so may one with a priority.
   */
  arrives(name: string, weight: number, waiting: number, priority = 0): void {
    this.queue.push({ name, weight, priority, isFirst: waiting === 0 || priority > 0 });
    this.newest = name;
  }

  leaves(name: string): void {
    const position = this.queue.findIndex((each) => each.name === name);
    if (position >= 0) {
      this.queue.splice(position, 1);
    }
  }

  /** No waiter overtakes an earlier one of the same priority. The model checks the order of different priorities. */
  granted(name: string): void {
    const waiter = this.queue.find((each) => each.name === name);
    const first = this.queue.find(({ priority }) => priority === waiter?.priority);
    if (waiter !== first && !(name === this.newest && waiter?.isFirst)) {
      this.wrong = `${name} was granted before ${String(first?.name)}, which had arrived earlier`;
    }
    if (this.expired.has(name)) {
      this.wrong = `${name} was granted, although it had timed out`;
    }
    this.holders.set(name, waiter?.weight ?? 1);
    this.leaves(name);
  }

  /** A waiter times out: it is never granted, and fails with a `TimeoutError`. */
  timedOut(name: string): void {
    if (this.queue.some((each) => each.name === name)) {
      this.expired.add(name);
    }
  }

  allCancelled(): void {
    this.hasCancelled = true;
  }

  /** The wait of an actor failed. */
  failed(name: string, error: unknown): void {
    if (this.expired.has(name) && nameOf(error) !== 'TimeoutError' && !this.hasCancelled) {
      this.wrong = `${name} fails with '${nameOf(error)}', although it had timed out`;
    }
  }

  /** A holder keeps less than it has acquired. */
  holds(name: string, weight: number): void {
    if (this.holders.has(name)) {
      this.holders.set(name, weight);
    }
  }

  released(name: string): void {
    this.holders.delete(name);
  }

  /** `release()` of the primitive has taken their permits from all holders. */
  allReleased(): void {
    this.releases++;
    this.holders.clear();
  }
}
