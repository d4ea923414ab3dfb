import { Observable } from 'rxjs';

import { ModelError, ModelPrimitive, PlainVisitor, type ModelOptions } from './primitive.js';
import { deliver, deliverNow } from './turn.js';

export class ModelBarrier extends ModelPrimitive<BarrierVisitor> {
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
      const visitor = new BarrierVisitor(subscriber);
      this.checkOpen();
      if (subscriber.closed) {
        return;
      }
      if (this.parties === 1) {
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

  reset(): void {
    this.becomes(false);
  }

  abort(): void {
    this.becomes(true);
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

  protected admit(): BarrierVisitor[] {
    if (this.waiting !== this.parties) {
      return [];
    }
    const round = this.line.splice(0);
    round.forEach((visitor, place) => {
      visitor.standing = 'promised';
      visitor.place = place;
    });
    return round;
  }

  protected takeBack(): void {
    // Nobody takes anything from a barrier.
  }

  private becomes(broken: boolean): void {
    this.isBroken = broken;
    this.cancelWaiters(new ModelError('BrokenBarrierError'));
    deliver();
  }
}

class BarrierVisitor extends PlainVisitor<number> {
  place = 0;

  granted(): void {
    this.subscriber.next(this.place);
    this.subscriber.complete();
  }
}
