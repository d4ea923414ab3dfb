/**
 * Who has which key: a line of tickets for each key that somebody has or waits for.
 *
 * ```
 *   key      a   b   c       1. all(['a', 'b'])   has both: its tickets are at the head of each line
 *                            2. get('c')          has it
 *   head     1   1   2       3. all(['c', 'b'])   waits, and misses two: at b there is 1 before it, at c 2
 *   behind   4   3   3       4. get('a')          waits for 1, and not for 3, with whom it shares nothing
 * ```
 *
 * One who comes puts a ticket into the lines of all its keys in the same moment, so that those who came stand in all lines
 * in one order. Nobody waits for one who came later. So the first of all goes on, and then the next: whatever the order in
 * which keys are named, no two wait for each other.
 *
 * The ancestor is the ticket lock: who holds the lowest ticket goes. Here it needs to be the lowest in each of some lines.
 */
import type { Claim } from './claim.js';
import type { Ending } from './ending.js';
import { WaitQueue, type Place } from './wait-queue.js';
import type { Home } from './waiter.js';

/** The home of one claim, which wants some keys, all of them at once. */
export interface Seat<K> extends Home {
  readonly keys: readonly K[];
  /** Empty before it has come, and when it has left. */
  tickets: Ticket<K>[];
  /** How many of its tickets are not at the head. */
  missing: number;
  /** Set as it is parked. */
  claim: Claim;
  /** Set as it is parked: a higher one than that of all who were parked before. */
  arrival: number;
}

/** Where one stands in the line of one key. */
export class Ticket<K> implements Place {
  behind: Place | undefined = undefined;
  ahead: Place | undefined = undefined;

  constructor(
    readonly key: K,
    readonly seat: Seat<K>,
    readonly line: WaitQueue<Ticket<K>>,
  ) {}
}

/** The state of some keys that somebody observes. */
export interface Shown<K> {
  readonly keys: readonly K[];
  /** How many wait for one of the keys at least: counted as they come and go, so that no line is walked at each step. */
  inLine: number;
  publish(): void;
  close(ending: Ending): void;
}

export class KeyLines<K> {
  // No line is empty. Nobody has a key but the head of its line, which has it if it misses no other.
  private readonly lines = new Map<K, WaitQueue<Ticket<K>>>();

  // The states of keys that somebody observes, by each of their keys. Nothing is made of them where nobody does.
  private shown: Map<K, Set<Shown<K>>> | undefined = undefined;
  private changed = new Set<Shown<K>>();

  // Those who are parked and miss nothing any more; none outside of a method.
  private ready: Seat<K>[] = [];
  private arrivals = 0;

  /** How many keys somebody has or waits for. */
  get size(): number {
    return this.lines.size;
  }

  /** How many wait for one of them at least. */
  waitingFor(keys: readonly K[]): number {
    const lines = keys.flatMap((key) => this.lines.get(key) ?? []);
    const [only] = lines;
    if (only !== undefined && lines.length === 1) {
      // The head has the key, unless it misses another one; nobody behind it has.
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

  /** Whether nobody has or waits for any of them. */
  areFree(keys: readonly K[]): boolean {
    return keys.every((key) => !this.lines.has(key));
  }

  /** Commits that one stands in the lines of its keys. */
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

  /** The same for one who is parked: its keys may have become free since it came. */
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

  /** Commits that one has left the lines of its keys. */
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
    // Stryker disable next-line ArrayDeclaration: nobody asks for them again; who keeps a permit is not to keep lines alive
    seat.tickets = [];
  }

  /** Those who can go since it was asked last, in the order in which they came. */
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

  /** Tells of a state whenever that of its keys may have changed; returns what ends that. */
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

  /** Those states that may have changed since it was asked last. */
  takeChanged(): Iterable<Shown<K>> {
    const { changed } = this;
    if (changed.size > 0) {
      this.changed = new Set();
    }
    return changed;
  }

  /** All states that are shown. */
  allShown(): Set<Shown<K>> {
    return new Set([...(this.shown?.values() ?? [])].flatMap((states) => [...states]));
  }

  private mark(key: K): void {
    this.shown?.get(key)?.forEach((state) => this.changed.add(state));
  }

  /** One has come to the head of one more line. */
  private advance(seat: Seat<K>): void {
    seat.missing--;
    if (seat.missing === 0) {
      this.count(seat, -1);
      this.ready.push(seat);
    }
  }

  /** Counts one who begins or ceases to wait, in all states that are shown of its keys. */
  private count({ keys }: Seat<K>, change: 1 | -1): void {
    const { shown } = this;
    if (shown !== undefined) {
      for (const state of new Set(keys.flatMap((key) => [...(shown.get(key) ?? [])]))) {
        state.inLine += change;
      }
    }
  }
}
