/**
 * The holders and the waiters of each key: a queue of tickets for each key that is held or waited for.
 *
 * ```
 *   key      a   b   c       1. all(['a', 'b'])   holds both: its tickets are at the head of each queue
 *                            2. get('c')          holds it
 *   head     1   1   2       3. all(['c', 'b'])   waits, and misses two: 1 stands before it at b, and 2 at c
 *   behind   4   3   3       4. get('a')          waits for 1, and not for 3, with which it shares no key
 * ```
 *
 * A claim puts a ticket into the queues of all its keys in the same moment. So all queues have the claims in one order,
 * and no claim waits for a later one. So the first claim of all goes on, and then the next. In whatever order claims
 * name their keys, they never deadlock.
 *
 * The ancestor is the ticket lock, where the holder of the lowest ticket goes. Here its tickets must be the lowest in
 * several queues.
 */
import type { Claim } from '../waiting/claim.js';
import type { Ending } from '../tasks/ending.js';
import { WaitQueue, type Place } from './wait-queue.js';
import type { Home } from '../waiting/waiter.js';

/** The home of one claim, which wants some keys, all of them at once. */
export interface Seat<K> extends Home {
  readonly keys: readonly K[];
  /** Empty before the claim has entered, and after it has left. */
  tickets: Ticket<K>[];
  /** The number of its tickets that are not at the head. */
  missing: number;
  /** Set when the claim is enqueued. */
  claim: Claim;
  /** Set when the claim is enqueued: higher than that of all claims that were enqueued before. */
  arrival: number;
}

/** The place of a claim in the queue of one key. */
export class Ticket<K> implements Place {
  behind: Place | undefined = undefined;
  ahead: Place | undefined = undefined;

  constructor(
    readonly key: K,
    readonly seat: Seat<K>,
    readonly line: WaitQueue<Ticket<K>>,
  ) {}
}

/** The state of some keys, while it is observed. */
export interface Shown<K> {
  readonly keys: readonly K[];
  /**
   * The number of waiters for at least one of the keys. It is counted as they enter and leave, so that no step walks a
   * queue.
   */
  inLine: number;
  publish(): void;
  close(ending: Ending): void;
}

export class KeyLines<K> {
  // No queue is empty. Only the head of a queue can hold its key, and holds it if it misses no other key.
  private readonly lines = new Map<K, WaitQueue<Ticket<K>>>();

  // The observed states, by each of their keys. Where no state is observed, nothing is allocated.
  private shown: Map<K, Set<Shown<K>>> | undefined = undefined;
  private changed = new Set<Shown<K>>();

  // The waiting claims that miss no key any more; empty outside of a method.
  private ready: Seat<K>[] = [];
  private arrivals = 0;

  /** The number of keys that are held or waited for. */
  get size(): number {
    return this.lines.size;
  }

  /** The number of waiters for at least one of the keys. */
  waitingFor(keys: readonly K[]): number {
    const lines = keys.flatMap((key) => this.lines.get(key) ?? []);
    const [only] = lines;
    if (only !== undefined && lines.length === 1) {
      // The head holds the key, unless it misses another one; no claim behind it does.
      return only.length - (only.head?.seat.missing === 0 ? 1 : 0);
    }
    const seats = new Set<Seat<K>>();
    for (const line of lines) {
      for (let ticket = line.head; ticket !== undefined; ticket = line.after(ticket)) {
        if (ticket.seat.missing > 0) {
          seats.add(ticket.seat);
        }
      }
    }
    return seats.size;
  }

  /** Whether none of the keys is held or waited for. */
  areFree(keys: readonly K[]): boolean {
    return keys.every((key) => !this.lines.has(key));
  }

  /** Commits that a claim stands in the queues of its keys. */
  join(seat: Seat<K>): void {
    for (const key of seat.keys) {
      let line = this.lines.get(key);
      if (line === undefined) {
        line = new WaitQueue();
        this.lines.set(key, line);
      } else {
        seat.missing++;
      }
      const ticket = new Ticket(key, seat, line);
      line.push(ticket);
      seat.tickets.push(ticket);
      this.mark(key);
    }
  }

  /**
   * Commits that a waiting claim stands in the queues of its keys. The keys may have become free since the claim
   * entered.
   */
  park(seat: Seat<K>, claim: Claim): void {
    seat.claim = claim;
    seat.arrival = this.arrivals++;
    this.join(seat);
    if (seat.missing > 0) {
      this.count(seat, 1);
    } else {
      this.ready.push(seat);
    }
  }

  /** Commits that a claim has left the queues of its keys. */
  leave(seat: Seat<K>): void {
    if (seat.missing > 0) {
      this.count(seat, -1);
    }
    for (const ticket of seat.tickets) {
      const { line } = ticket;
      const wasHead = line.head === ticket;
      line.remove(ticket);
      if (line.head === undefined) {
        this.lines.delete(ticket.key);
      } else if (wasHead) {
        this.advance(line.head.seat);
      }
      this.mark(ticket.key);
    }
    // Stryker disable next-line ArrayDeclaration: they are not read again; a kept permit must not keep queues alive
    seat.tickets = [];
  }

  /** The claims that have become ready since the last call, in the order in which they arrived. */
  takeReady(): Seat<K>[] {
    const { ready } = this;
    this.ready = [];
    for (const { keys } of ready) {
      keys.forEach((key) => {
        this.mark(key); // it waits no more, at those of its keys too that nobody has left
      });
    }
    return ready.sort((one, other) => one.arrival - other.arrival);
  }

  /** Publishes a state whenever the state of its keys may have changed. Returns a function that ends this. */
  show(state: Shown<K>): () => void {
    const shown = (this.shown ??= new Map<K, Set<Shown<K>>>());
    for (const key of state.keys) {
      const states = shown.get(key) ?? new Set();
      shown.set(key, states.add(state));
    }
    return () => {
      this.changed.delete(state);
      for (const key of state.keys) {
        const states = shown.get(key);
        states?.delete(state);
        if (states?.size === 0) {
          shown.delete(key);
        }
      }
    };
  }

  /** The states that may have changed since the last call. */
  takeChanged(): Iterable<Shown<K>> {
    const { changed } = this;
    if (changed.size > 0) {
      this.changed = new Set();
    }
    return changed;
  }

  /** All observed states. */
  allShown(): Set<Shown<K>> {
    return new Set([...(this.shown?.values() ?? [])].flatMap((states) => [...states]));
  }

  private mark(key: K): void {
    this.shown?.get(key)?.forEach((state) => this.changed.add(state));
  }

  /** Called when a claim has come to the head of one more queue. */
  private advance(seat: Seat<K>): void {
    seat.missing--;
    if (seat.missing === 0) {
      this.count(seat, -1);
      this.ready.push(seat);
    }
  }

  /** Counts a claim that begins or ceases to wait, in all observed states of its keys. */
  private count({ keys }: Seat<K>, change: 1 | -1): void {
    const { shown } = this;
    if (shown !== undefined) {
      for (const state of new Set(keys.flatMap((key) => [...(shown.get(key) ?? [])]))) {
        state.inLine += change;
      }
    }
  }
}
