import { currentContext, type Context } from '../delivery/delivery.js';

/** A value that is kept for later, and the context in which it arrived. */
export interface Kept<T> {
  readonly value: T;
  readonly context: Context | undefined;
}

interface Link<T> extends Kept<T> {
  context: Context | undefined;
  next: Link<T> | undefined;
}

/** A queue of values. It is linked, so that no array is shifted and another queue can be appended whole. */
export class ValueQueue<T> {
  // length === 0  if and only if  head === undefined  if and only if  tail === undefined
  private head: Link<T> | undefined = undefined;
  private tail: Link<T> | undefined = undefined;
  length = 0;

  /**
   * Enqueues first, because the capture is foreign code and must find the value in its place. Throws what the capture
   * throws.
   */
  push(value: T): void {
    const link: Link<T> = { value, context: undefined, next: undefined };
    if (this.tail === undefined) {
      this.head = link;
    } else {
      this.tail.next = link;
    }
    this.tail = link;
    this.length++;
    link.context = currentContext();
  }

  /** Dequeues the first value. */
  shift(): Kept<T> | undefined {
    const { head } = this;
    if (head !== undefined) {
      this.head = head.next;
      if (this.head === undefined) {
        this.tail = undefined;
      }
      this.length--;
    }
    return head;
  }

  /** Moves all values of another queue behind its own, and leaves that queue empty. */
  append(other: ValueQueue<T>): void {
    if (this.tail === undefined) {
      this.head = other.head;
    } else {
      this.tail.next = other.head;
    }
    this.tail = other.tail ?? this.tail;
    this.length += other.length;
    other.clear();
  }

  /** Keeps only the first values, as many as `length` says: at least one. */
  truncate(length: number): void {
    let place = 0;
    for (let link = this.head; link !== undefined; link = link.next) {
      if (++place === length) {
        link.next = undefined;
        this.tail = link;
        this.length = length;
      }
    }
  }

  clear(): void {
    this.head = this.tail = undefined;
    this.length = 0;
  }
}
