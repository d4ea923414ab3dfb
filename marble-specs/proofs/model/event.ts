import { Observable } from 'rxjs';

import { ModelPrimitive, PlainWaiter, type ModelOptions, type Waiter } from './primitive.js';
import { deliver, deliverNow } from './delivery.js';

export class ModelEvent extends ModelPrimitive {
  private flag = false;
  /** The gates, which are notified of each change. */
  readonly gates = new Set<{ changed(isSet: boolean): void }>();

  constructor(options: ModelOptions = {}) {
    super(options);
  }

  isSet(): boolean {
    return this.flag;
  }

  set(): void {
    this.change(true);
  }

  clear(): void {
    this.change(false);
  }

  wait(): Observable<true> {
    return new Observable((subscriber) => {
      const waiter = new EventWaiter(subscriber);
      this.checkOpen();
      if (subscriber.closed) {
        return;
      }
      if (this.flag) {
        waiter.resource = this;
        waiter.phase = 'granted';
        deliverNow(() => {
          this.deliverGrant(waiter);
        });
        return;
      }
      this.enqueue(waiter);
    });
  }

  private change(flag: boolean): void {
    if (this.flag !== flag) {
      this.flag = flag;
      this.gates.forEach((gate) => {
        gate.changed(flag);
      });
    }
    this.admitNext();
    deliver();
  }

  protected snapshot(): object {
    return { set: this.flag, waiting: this.waiting };
  }

  protected grantNext(): Waiter[] {
    const granted = this.flag ? this.queue.splice(0) : [];
    for (const waiter of granted) {
      waiter.phase = 'granted';
    }
    return granted;
  }

  protected takeBack(): void {
    // An event has no holders.
  }
}

class EventWaiter extends PlainWaiter<true> {
  onGrant(): void {
    this.subscriber.next(true);
    this.subscriber.complete();
  }
}
