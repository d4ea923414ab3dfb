/**
 * Who is next: the line in which everything that waits is parked. An intrusive doubly linked list, so that parking,
 * waking and cancelling anywhere in it take constant time and allocate nothing.
 *
 * ```
 *   head ─behind─►  ─behind─►  tail          push at the tail, look at the head, remove anywhere
 *        ◄─ahead──  ◄─ahead──
 * ```
 *
 * The ancestors are trio's `ParkingLot`, the one queue below all of its primitives, and the intrusive list of tokio's
 * `batch_semaphore`.
 */
/** What can stand in a line: a waiter, or what it has in a line where it does not stand itself. */
export interface Place {
  behind: Place | undefined;
  ahead: Place | undefined;
}

export class WaitQueue<W extends Place> {
  // length === 0  if and only if  head === undefined  if and only if  tail === undefined
  head: W | undefined = undefined;
  tail: W | undefined = undefined;
  length = 0;

  push(waiter: W): void {
    const { tail } = this;
    waiter.ahead = tail;
    if (tail === undefined) {
      this.head = waiter;
    } else {
      tail.behind = waiter;
    }
    this.tail = waiter;
    this.length++;
  }

  remove(waiter: W): void {
    const { behind, ahead } = waiter as Linked<W>;
    if (ahead === undefined) {
      this.head = behind;
    } else {
      ahead.behind = behind;
    }
    if (behind === undefined) {
      this.tail = ahead;
    } else {
      behind.ahead = ahead;
    }
    waiter.behind = waiter.ahead = undefined;
    this.length--;
  }

  /** Takes out everyone, or all of whom something is true. */
  drain(isMeant: (waiter: W) => boolean = () => true): W[] {
    const waiters: W[] = [];
    for (let waiter = this.head; waiter !== undefined; waiter = this.after(waiter)) {
      if (isMeant(waiter)) {
        waiters.push(waiter);
      }
    }
    for (const waiter of waiters) {
      this.remove(waiter);
    }
    return waiters;
  }

  /** Who stands behind `waiter`. */
  after(waiter: W): W | undefined {
    return (waiter as Linked<W>).behind;
  }
}

/** A line holds waiters of one kind, so its links lead to the same kind. */
interface Linked<W> {
  readonly behind: W | undefined;
  readonly ahead: W | undefined;
}
