/**
 * The queue in which the waiters of a primitive stand. It is an intrusive doubly linked list. So enqueueing, dequeueing
 * and cancelling anywhere in it take constant time and allocate nothing.
 *
 * ```
 *   head ─behind─►  ─behind─►  tail          push at the tail, look at the head, remove anywhere
 *        ◄─ahead──  ◄─ahead──
 * ```
 *
 * The ancestors are trio's `ParkingLot`, the one queue below all of its primitives, and the intrusive list of tokio's
 * `batch_semaphore`.
 */
/**
 * What a queue can contain: a waiter, or an object that represents the waiter in a queue where it does not stand
 * itself.
 */
export interface QueueNode {
  behind: QueueNode | undefined;
  ahead: QueueNode | undefined;
}

export class WaitQueue<W extends QueueNode> {
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

  /** Dequeues all waiters, or those that match `isMeant`. */
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

  /** The waiter behind `waiter`. */
  after(waiter: W): W | undefined {
    return (waiter as Linked<W>).behind;
  }
}

/** A queue holds waiters of one kind, so its links lead to the same kind. */
interface Linked<W> {
  readonly behind: W | undefined;
  readonly ahead: W | undefined;
}
