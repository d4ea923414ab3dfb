import { Observable } from 'rxjs';

import { ModelPrimitive, PlainVisitor, type ModelOptions, type Visitor } from './primitive.js';
import { deliver, deliverNow } from './turn.js';

export class ModelEvent extends ModelPrimitive {
  private flag = false;
  /** Who holds values back until it is set. */
  readonly gates = new Set<{ turned(isSet: boolean): void }>();

  constructor(options: ModelOptions = {}) {
    super(options);
  }

  isSet(): boolean {
    return this.flag;
  }

  set(): void {
    this.turn(true);
  }

  clear(): void {
    this.turn(false);
  }

  wait(): Observable<true> {
    return new Observable((subscriber) => {
      const visitor = new EventVisitor(subscriber);
      this.checkOpen();
      if (subscriber.closed) {
        return;
      }
      if (this.flag) {
        visitor.home = this;
        visitor.standing = 'promised';
        deliverNow(() => {
          this.tell(visitor);
        });
        return;
      }
      this.park(visitor);
    });
  }

  private turn(flag: boolean): void {
    if (this.flag !== flag) {
      this.flag = flag;
      this.gates.forEach((gate) => {
        gate.turned(flag);
      });
    }
    this.settle();
    deliver();
  }

  protected snapshot(): object {
    return { set: this.flag, waiting: this.waiting };
  }

  protected admit(): Visitor[] {
    const going = this.flag ? this.line.splice(0) : [];
    for (const visitor of going) {
      visitor.standing = 'promised';
    }
    return going;
  }

  protected takeBack(): void {
    // Nobody takes anything from an event.
  }
}

class EventVisitor extends PlainVisitor<true> {
  granted(): void {
    this.subscriber.next(true);
    this.subscriber.complete();
  }
}
