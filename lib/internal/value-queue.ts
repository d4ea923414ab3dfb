interface Link<T> {
  readonly value: T;
  next: Link<T> | undefined;
}

/** A queue of values, linked so that no array is ever shifted, and so that it can take another one whole. */
export class ValueQueue<T> {
  // length === 0  if and only if  head === undefined  if and only if  tail === undefined
  private head: Link<T> | undefined = undefined;
  private tail: Link<T> | undefined = undefined;
  length = 0;

  push(value: T): void {
    const link: Link<T> = { value, next: undefined };
    if (this.tail === undefined) {
      this.head = link;
    } else {
      this.tail.next = link;
    }
    this.tail = link;
    this.length++;
  }

  /** Takes the first value out, and hands it to `use`; says whether there was one. */
  shift(use: (value: T) => void): boolean {
    const { head } = this;
    if (head === undefined) {
      return false;
    }
    this.head = head.next;
    if (this.head === undefined) {
      this.tail = undefined;
    }
    this.length--;
    use(head.value);
    return true;
  }

  /** Puts all values of another queue behind its own. The other one must not be used any more. */
  append(other: ValueQueue<T>): void {
    if (other.head === undefined) {
      return;
    }
    if (this.tail === undefined) {
      this.head = other.head;
    } else {
      this.tail.next = other.head;
    }
    this.tail = other.tail;
    this.length += other.length;
  }
}
