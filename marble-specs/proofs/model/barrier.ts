import { Observable } from 'rxjs';

import { ModelError, ModelPrimitive, PlainWaiter, type ModelOptions } from './primitive.js';
import { deliver, deliverNow } from './delivery.js';

export class ModelBarrier extends ModelPrimitive<BarrierWaiter> {
  private isBroken = false;

  constructor(
    readonly parties: number,
    options: ModelOptions = {},
  ) {
    super(options);
  }

  get broken(): boolean {
    return this.isBroken;
  }

  wait(): Observable<number> {
    return new Observable((subscriber) => {
      const waiter = new BarrierWaiter(subscriber);
      this.checkOpen();
      if (subscriber.closed) {
        return;
      }
      if (this.parties === 1) {
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

  reset(): void {
    this.breakWith(false);
  }

  abort(): void {
    this.breakWith(true);
  }

  override checkOpen(): void {
    super.checkOpen();
    if (this.isBroken) {
      throw new ModelError('BrokenBarrierError');
    }
  }

  override checkRoom(): void {
    if (this.waiting + 1 !== this.parties) {
      super.checkRoom();
    }
  }

  protected snapshot(): object {
    return { waiting: this.waiting, broken: this.isBroken };
  }

  protected grantNext(): BarrierWaiter[] {
    if (this.waiting !== this.parties) {
      return [];
    }
    const round = this.queue.splice(0);
    round.forEach((waiter, index) => {
      waiter.phase = 'granted';
      waiter.index = index;
    });
    return round;
  }

  protected takeBack(): void {
    // A barrier has no holders.
  }

  private breakWith(broken: boolean): void {
    this.isBroken = broken;
    this.cancelWaiters(new ModelError('BrokenBarrierError'));
    deliver();
  }
}

class BarrierWaiter extends PlainWaiter<number> {
  index = 0;

  onGrant(): void {
    this.subscriber.next(this.index);
    this.subscriber.complete();
  }
}
