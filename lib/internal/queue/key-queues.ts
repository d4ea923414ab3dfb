/**
 * The holders and the waiters of each key: a queue of tickets for each key that is held or waited for.
 *
 * ```
 *   key      a   b   c       1. all(['a', 'b'])   holds both: its tickets are at the head of each queue
 *                            2. get('c')          holds it
 *   head     1   1   2       3. all(['c', 'b'])   waits, and lacks two keys: 1 is before it at b, and 2 at c
 *   behind   4   3   3       4. get('a')          waits for 1, and not for 3, with which it shares no key
 * ```
 *
 * A waiter puts a ticket into the queues of all its keys in the same moment. So all queues have the waiters in one order,
 * and no waiter waits for a later one. So the first waiter of all is granted, and then the next. In whatever order waiters
 * name their keys, they never deadlock.
 *
 * The ancestor is the ticket lock, where the holder of the lowest ticket goes. Here its tickets must be the lowest in
 * several queues.
 */
import { WaitQueue, type QueueNode } from './wait-queue.js';

/** What one waiter `W` wants: some keys, all of them at once. */
export interface Request<K, W> {
  readonly keys: readonly K[];
  /** Empty before the waiter has entered, and after it has left. */
  tickets: Ticket<K, W>[];
  /** The number of its tickets that are not at the head. */
  lacking: number;
  /** Set when the waiter is enqueued. */
  waiter: W;
  /** Set when the waiter is enqueued: higher than that of all waiters that were enqueued before. */
  arrival: number;
}

/** The place of a waiter in the queue of one key. */
export class Ticket<K, W> implements QueueNode {
  behind: QueueNode | undefined = undefined;
  ahead: QueueNode | undefined = undefined;

  constructor(
    readonly key: K,
    readonly request: Request<K, W>,
    readonly queue: WaitQueue<Ticket<K, W>>,
  ) {}
}

/** The state of some keys, while it is observed. */
export interface ObservedKeys<K> {
  readonly keys: readonly K[];
  /**
   * The number of waiters for at least one of the keys. It is counted as they enter and leave, so that no step walks a
   * queue.
   */
  waitingNow: number;
  publish(): void;
  close(ending: { readonly failed: boolean; readonly error: unknown }): void;
}

export class KeyQueues<K, W> {
  // No queue is empty. Only the head of a queue can hold its key, and holds it if it lacks no other key.
  private readonly queues = new Map<K, WaitQueue<Ticket<K, W>>>();

  // The observed states, by each of their keys. Where no state is observed, nothing is allocated.
  private observed: Map<K, Set<ObservedKeys<K>>> | undefined = undefined;
  private changed = new Set<ObservedKeys<K>>();

  // The waiters that lack no key any more; empty outside of a method.
  private ready: Request<K, W>[] = [];
  private arrivals = 0;

  /** The number of keys that are held or waited for. */
  get size(): number {
    return this.queues.size;
  }

  /** The number of waiters for at least one of the keys. */
  waitingFor(keys: readonly K[]): number {
    const queues = keys.flatMap((key) => this.queues.get(key) ?? []);
    const [only] = queues;
    // Stryker disable next-line ConditionalExpression,EqualityOperator,BlockStatement: it saves a walk, and changes nothing else
    if (only !== undefined && queues.length === 1) {
      // The head holds the key, unless it lacks another one; no waiter behind it does.
      // Stryker disable next-line OptionalChaining: no queue is empty
      return only.length - (only.head?.request.lacking === 0 ? 1 : 0);
    }
    const requests = new Set<Request<K, W>>();
    for (const queue of queues) {
      for (let ticket = queue.head; ticket !== undefined; ticket = queue.after(ticket)) {
        if (ticket.request.lacking > 0) {
          requests.add(ticket.request);
        }
      }
    }
    return requests.size;
  }

  /** Whether none of the keys is held or waited for. */
  areFree(keys: readonly K[]): boolean {
    return keys.every((key) => !this.queues.has(key));
  }

  /** Commits that a waiter is in the queues of its keys. */
  join(request: Request<K, W>): void {
    for (const key of request.keys) {
      let queue = this.queues.get(key);
      if (queue === undefined) {
        queue = new WaitQueue();
        this.queues.set(key, queue);
      } else {
        request.lacking++;
      }
      const ticket = new Ticket(key, request, queue);
      queue.push(ticket);
      request.tickets.push(ticket);
      this.markChanged(key);
    }
  }

  /**
   * Commits that a waiter that has to wait is in the queues of its keys. The keys may have become free since the waiter
   * entered.
   */
  enqueue(request: Request<K, W>, waiter: W): void {
    request.waiter = waiter;
    request.arrival = this.arrivals++;
    this.join(request);
    if (request.lacking > 0) {
      this.count(request, 1);
    } else {
      this.ready.push(request);
    }
  }

  /** Commits that a waiter has left the queues of its keys. */
  leave(request: Request<K, W>): void {
    if (request.lacking > 0) {
      this.count(request, -1);
    }
    for (const ticket of request.tickets) {
      const { queue } = ticket;
      const wasHead = queue.head === ticket;
      queue.remove(ticket);
      if (queue.head === undefined) {
        this.queues.delete(ticket.key);
      } else if (wasHead) {
        this.advance(queue.head.request);
      }
      this.markChanged(ticket.key);
    }
    // Stryker disable next-line ArrayDeclaration: they are not read again; a kept permit must not keep queues alive
    request.tickets = [];
  }

  /** The waiters that have become ready since the last call, in the order in which they arrived. */
  takeReady(): Request<K, W>[] {
    const { ready } = this;
    this.ready = [];
    for (const { keys } of ready) {
      keys.forEach((key) => {
        this.markChanged(key); // the number of waiters changes at all keys of the request
      });
    }
    return ready.sort((one, other) => one.arrival - other.arrival);
  }

  /** Publishes a state whenever the state of its keys may have changed. Returns a function that ends this. */
  observe(state: ObservedKeys<K>): () => void {
    const observed = (this.observed ??= new Map<K, Set<ObservedKeys<K>>>());
    for (const key of state.keys) {
      const states = observed.get(key) ?? new Set();
      observed.set(key, states.add(state));
    }
    return () => {
      this.changed.delete(state);
      for (const key of state.keys) {
        const states = observed.get(key);
        states?.delete(state);
        if (states?.size === 0) {
          observed.delete(key);
        }
      }
    };
  }

  /** The states that may have changed since the last call. */
  takeChanged(): Iterable<ObservedKeys<K>> {
    const { changed } = this;
    // Stryker disable next-line ConditionalExpression,EqualityOperator: it saves a Set, and changes nothing else
    if (changed.size > 0) {
      this.changed = new Set();
    }
    return changed;
  }

  /** All observed states. */
  allObserved(): Set<ObservedKeys<K>> {
    return new Set([...(this.observed?.values() ?? [])].flatMap((states) => [...states]));
  }

  private markChanged(key: K): void {
    this.observed?.get(key)?.forEach((state) => this.changed.add(state));
  }

  /** Called when a waiter has come to the head of one more queue. */
  private advance(request: Request<K, W>): void {
    request.lacking--;
    if (request.lacking === 0) {
      this.count(request, -1);
      this.ready.push(request);
    }
  }

  /** Counts a waiter that begins or ceases to wait, in all observed states of its keys. */
  private count({ keys }: Request<K, W>, change: 1 | -1): void {
    const { observed } = this;
    if (observed !== undefined) {
      for (const state of new Set(keys.flatMap((key) => [...(observed.get(key) ?? [])]))) {
        state.waitingNow += change;
      }
    }
  }
}
