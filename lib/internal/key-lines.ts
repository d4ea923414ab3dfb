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

export class KeyLines<K> {
  // No line is empty. Nobody has a key but the head of its line, which has it if it misses no other.
  private readonly lines = new Map<K, WaitQueue<Ticket<K>>>();

  // Those who are parked and miss nothing any more; none outside of a method.
  private ready: Seat<K>[] = [];
  private arrivals = 0;

  /** How many keys somebody has or waits for. */
  get size(): number {
    return this.lines.size;
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
    }
  }

  /** The same for one who is parked: its keys may have become free since it came. */
  park(seat: Seat<K>, claim: Claim): void {
    seat.claim = claim;
    seat.arrival = this.arrivals++;
    this.join(seat);
    this.look(seat);
  }

  /** Commits that one has left the lines of its keys. */
  leave(seat: Seat<K>): void {
    for (const ticket of seat.tickets) {
      const { line } = ticket;
      const wasHead = line.head === ticket;
      line.remove(ticket);
      if (line.head === undefined) {
        this.lines.delete(ticket.key);
      } else if (wasHead) {
        const next = line.head.seat;
        next.missing--;
        this.look(next);
      }
    }
    // Stryker disable next-line ArrayDeclaration: nobody asks for them again; who keeps a permit is not to keep lines alive
    seat.tickets = [];
  }

  /** Those who can go since it was asked last, in the order in which they came. */
  takeReady(): Seat<K>[] {
    const { ready } = this;
    this.ready = [];
    return ready.sort((one, other) => one.arrival - other.arrival);
  }

  private look(seat: Seat<K>): void {
    if (seat.missing === 0) {
      this.ready.push(seat);
    }
  }
}
