import { Subscription, type Observable, type ObservableInput, type Subscriber } from 'rxjs';

import { contextOfNow, type ModelContext } from './context.js';
import { ModelKeyedLock } from './keyed-lock.js';
import { ModelSection } from './section.js';
import { ModelStream, streaming } from './stream.js';

export interface ModelByKeyOptions {
  readonly locks?: ModelKeyedLock;
  readonly keep?: 'all' | 'latest';
}

/** `concatMap` for each key. */
export function modelConcatMapByKey<T, R>(
  keyOf: (value: T) => string,
  project: (value: T) => ObservableInput<R>,
  options: ModelByKeyOptions = {},
): (source: Observable<T>) => Observable<R> {
  return streaming((subscriber: Subscriber<R>) => new ByKey(keyOf, project, options, subscriber));
}

class ByKey<T, R> extends ModelStream<T, R> {
  private readonly locks: ModelKeyedLock;
  /** Those that are not over, in the order in which they came. */
  private works: KeyWork<T, R>[] = [];
  private index = 0;
  /** For how many values one is just being asked for their keys. */
  private asking = 0;

  constructor(
    private readonly keyOf: (value: T) => string,
    private readonly project: (value: T) => ObservableInput<R>,
    private readonly options: ModelByKeyOptions,
    subscriber: Subscriber<R>,
  ) {
    super(subscriber);
    this.locks = options.locks ?? new ModelKeyedLock();
  }

  protected take(value: T): void {
    const index = this.index++;
    const waiting = (key: string): KeyWork<T, R> | undefined =>
      this.options.keep === 'latest' ? this.works.find((work) => work.key === key && !work.hasBegun) : undefined;
    this.asking++;
    const asked = this.ask(() => {
      const key = this.keyOf(value);
      return waiting(key) === undefined ? { key } : { key, context: contextOfNow() };
    });
    this.asking--;
    if (asked === undefined) {
      return;
    }
    const { key, context } = asked;
    const waits = waiting(key);
    if (waits !== undefined) {
      waits.becomes(value, index, context ?? waits.context);
      return;
    }
    const work = new KeyWork(this.subscriber, this, key, value, index, this.project);
    this.works.push(work);
    work.start(this.locks.get(key));
  }

  left(work: KeyWork<T, R>): void {
    if (this.works.includes(work)) {
      this.works = this.works.filter((each) => each !== work);
      this.drain();
    }
  }

  protected drain(): void {
    if (this.exhausted && this.asking === 0 && this.works.length === 0) {
      this.end();
    }
  }

  /** Of the source first, then of the works, then of the places in line. */
  protected letGo(): void {
    const works = this.works.splice(0);
    const leaving = new Subscription();
    leaving.add(this.source);
    const isInLine = ({ standing }: KeyWork<T, R>): boolean => standing === 'waiting' || standing === 'promised';
    for (const work of [...works.filter((each) => !isInLine(each)), ...works.filter(isInLine)]) {
      leaving.add(work);
    }
    leaving.unsubscribe();
  }
}

class KeyWork<T, R> extends ModelSection<R> {
  hasBegun = false;
  private isFirstToFail = false;

  constructor(
    subscriber: Subscriber<R>,
    private readonly stream: ByKey<T, R>,
    readonly key: string,
    private value: T,
    private index: number,
    private readonly project: (value: T) => ObservableInput<R>,
  ) {
    super(subscriber, {});
  }

  /** It goes on with a later value, unless that is the earlier one. */
  becomes(value: T, index: number, context: ModelContext): void {
    if (index > this.index) {
      this.value = value;
      this.index = index;
      this.context = context;
    }
  }

  next(value: R): void {
    this.stream.handOn(value);
  }

  called(): void {
    this.hasBegun = true;
  }

  protected begin(): ObservableInput<R> {
    return this.project(this.value);
  }

  protected override failing(): void {
    this.isFirstToFail ||= this.stream.fails();
  }

  protected wire(): void {
    // Its stream lets go of it.
  }

  protected tell(failed: boolean, error: unknown): void {
    if (!failed) {
      this.stream.left(this);
    } else if (this.isFirstToFail) {
      this.stream.failWith(error);
    }
  }
}
