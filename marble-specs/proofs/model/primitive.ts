import { BehaviorSubject, Observable, type Subscriber } from 'rxjs';

import { contextOfNow, HERE, runIn, type ModelContext } from './context.js';
import { append, deliver, report } from './delivery.js';

/** An error of the library. Logs show only its name. */
export class ModelError extends Error {
  constructor(override readonly name: string) {
    super(name);
  }
}

/** The phase of a waiter. `granted`: it has its grant, which is not delivered yet. */
export type Phase = 'fresh' | 'queued' | 'granted' | 'held' | 'suspended' | 'ended';

/** A subscription to a primitive. */
export interface Waiter {
  readonly subscriber: Subscriber<unknown>;
  readonly weight: number;
  phase: Phase;
  /** The primitive in whose queue it is, or that it holds. */
  resource: ModelPrimitive | undefined;
  /** The context of its arrival, if it had to wait. It is notified there. */
  context: ModelContext;
  /** It is granted, and its context is restored next. */
  beforeGrant?(): void;
  /** Its grant is delivered. */
  onGrant(): void;
  /** Its failure is delivered. */
  onFailure(error: unknown): void;
  /** Commits that it is cancelled. Returns the notifications that follow. */
  commitCancel(): (() => void)[];
  /** Appends the changes of other primitives that follow from the cancellation. */
  publishOthers(): void;
  /** Makes an unsubscription cancel it. */
  attach(): void;
  /** Cancels it in any phase. */
  unsubscribe(): void;
}

export interface ModelOptions {
  readonly maxWaiting?: number;
}

export type Ending = { readonly error: unknown } | 'complete';

/** The base of all primitives: a queue of waiters, an observable state, and the ways to close. */
export abstract class ModelPrimitive<V extends Waiter = Waiter> extends Observable<object> {
  queue: V[] = [];
  private readonly maxWaiting: number;
  private readonly states = new BehaviorSubject<object>({});
  private latest: object = {};
  private underWay = 0;
  protected ending: Ending | undefined;

  constructor({ maxWaiting = Infinity }: ModelOptions) {
    super((observer) => {
      if (this.ending === undefined && !this.isObserved()) {
        this.states.next((this.latest = this.snapshot()));
      }
      return this.states.subscribe(observer);
    });
    this.maxWaiting = maxWaiting;
  }

  get value(): object {
    if (typeof this.ending === 'object') {
      throw this.ending.error;
    }
    return this.snapshot();
  }

  get waiting(): number {
    return this.queue.length;
  }

  protected abstract snapshot(): object;

  /** Dequeues the waiters that can be granted now, and returns them. */
  protected abstract grantNext(): V[];

  /** Commits that what a waiter was granted or held is free. */
  protected abstract takeBack(waiter: V): void;

  /** The primitives whose queues are closed together with this one. */
  protected queuesToClose(): ModelPrimitive[] {
    return [this];
  }

  /** The second half of each method: dequeues waiters, and appends the state, the `notifications`, and then the grants. */
  admitNext(notifications: (() => void)[] = []): void {
    const granted = this.grantNext();
    this.publish();
    append(...notifications);
    for (const waiter of granted) {
      append(() => {
        this.deliverGrant(waiter);
      });
    }
  }

  /** Appends the state if it is observed and has changed. */
  publish(): void {
    if (this.ending !== undefined || !this.isObserved()) {
      return;
    }
    const state = this.snapshot();
    if (isSame(state, this.latest)) {
      return;
    }
    this.latest = state;
    this.underWay++;
    append(() => {
      this.underWay--;
      this.states.next(state);
    });
  }

  /** Commits the release of a holder, or of a grant that is not delivered. */
  releaseFrom(waiter: V, notifications: (() => void)[] = []): void {
    this.takeBack(waiter);
    this.admitNext(notifications);
  }

  /** Delivers a grant, unless the waiter was cancelled meanwhile. */
  deliverGrant(waiter: V): void {
    if (waiter.phase !== 'granted') {
      return;
    }
    const start = (): void => {
      if (waiter.phase !== 'granted') {
        return; // it was cancelled while its context was restored
      }
      if (isFinished(waiter.subscriber)) {
        waiter.unsubscribe();
        return;
      }
      waiter.phase = 'held';
      waiter.onGrant();
    };
    waiter.beforeGrant?.();
    runIn(waiter.context, start, (error) => {
      if (waiter.phase === 'granted') {
        cancel(waiter, () => {
          waiter.onFailure(error);
        });
      } else {
        report(error);
      }
    });
  }

  /** Enqueues a waiter. The capture of its context is foreign code, so everything is checked after it. */
  enqueue(
    waiter: V,
    check = (): void => {
      this.checkOpen();
    },
  ): void {
    const context = contextOfNow();
    if (waiter.context === HERE) {
      waiter.context = context;
    }
    check();
    this.checkRoom();
    if (waiter.subscriber.closed) {
      return;
    }
    waiter.attach();
    waiter.resource = this;
    waiter.phase = 'queued';
    this.insert(waiter);
    this.admitNext();
    deliver();
  }

  protected insert(waiter: V): void {
    this.queue.push(waiter);
  }

  checkRoom(): void {
    if (this.queue.length >= this.maxWaiting) {
      throw new ModelError('QueueFullError');
    }
  }

  checkOpen(): void {
    if (this.ending !== undefined) {
      throw typeof this.ending === 'object' ? this.ending.error : new ModelError('ClosedError');
    }
  }

  cancelWaiters(reason: unknown = new ModelError('CancelledError')): void {
    this.cancelAll([this], reason);
    deliver();
  }

  complete(): void {
    this.close('complete');
    deliver();
  }

  error(error: unknown): void {
    this.close({ error });
    deliver();
  }

  close(ending: Ending): void {
    if (this.ending !== undefined) {
      return;
    }
    const error = typeof ending === 'object' ? ending.error : new ModelError('ClosedError');
    this.cancelAll(this.queuesToClose(), error, () => {
      if (typeof ending === 'object') {
        this.states.error(ending.error);
      } else {
        this.states.complete();
      }
    });
    if (!this.isObserved()) {
      this.states.next(this.snapshot());
    }
    this.ending = ending;
  }

  private cancelAll(queues: ModelPrimitive[], error: unknown, ...first: (() => void)[]): void {
    const waiters = queues.flatMap((each) => each.queue.splice(0));
    const notifications = waiters.flatMap((waiter) => [
      () => {
        fail(waiter, error);
      },
      ...waiter.commitCancel(),
    ]);
    waiters.forEach((waiter) => {
      waiter.publishOthers();
    });
    queues.forEach((each) => {
      each.admitNext();
    });
    append(...first, ...notifications);
  }

  private isObserved(): boolean {
    return this.underWay > 0 || this.states.observed;
  }
}

/** Delivers a failure in the context of the waiter. */
export function fail(waiter: Waiter, error: unknown): void {
  runIn(
    waiter.context,
    () => {
      waiter.onFailure(error);
    },
    (problem) => {
      try {
        waiter.onFailure(error);
      } finally {
        report(problem);
      }
    },
  );
}

/** Cancels a waiter that is queued or granted, and appends the notifications. Does nothing in other phases. */
export function cancel(waiter: Waiter, ...notifications: (() => void)[]): void {
  const { resource: target, phase } = waiter;
  if (target !== undefined && (phase === 'queued' || phase === 'granted')) {
    const all = [...notifications, ...waiter.commitCancel()];
    waiter.publishOthers();
    if (phase === 'queued') {
      target.queue = target.queue.filter((each) => each !== waiter);
      target.admitNext(all);
    } else {
      target.releaseFrom(waiter, all);
    }
  }
  deliver();
}

/** A waiter that changes no other primitive. Its weight is 0 unless it acquires something. */
export abstract class PlainWaiter<T> implements Waiter {
  phase: Phase = 'fresh';
  resource: ModelPrimitive | undefined;
  context = HERE;

  constructor(
    readonly subscriber: Subscriber<T>,
    readonly weight = 0,
  ) {}

  abstract onGrant(): void;

  onFailure(error: unknown): void {
    this.subscriber.error(error);
  }

  commitCancel(): (() => void)[] {
    this.phase = 'ended';
    return [];
  }

  publishOthers(): void {
    // It changes no other primitive.
  }

  attach(): void {
    this.subscriber.add(this);
  }

  unsubscribe(): void {
    cancel(this);
  }
}

/** Whether a subscriber has unsubscribed, or has received an error or a completion. */
function isFinished(subscriber: Subscriber<unknown>): boolean {
  return subscriber.closed || (subscriber as unknown as { readonly isStopped: boolean }).isStopped;
}

export function isSame(one: object, other: object): boolean {
  const others = new Map(Object.entries(other));
  return Object.entries(one).every(([key, value]) => others.get(key) === value);
}
