import { Subscription, type Observable, type ObservableInput, type Subscriber } from 'rxjs';

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
    const key = this.keyOf(value);
    const waits = this.works.find((work) => work.key === key && !work.hasBegun);
    if (this.options.keep === 'latest' && waits !== undefined) {
      waits.value = value;
      return;
    }
    const work = new KeyWork(this.subscriber, this, key, value, this.project);
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
    if (this.exhausted && this.works.length === 0) {
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
    public value: T,
    private readonly project: (value: T) => ObservableInput<R>,
  ) {
    super(subscriber, {});
  }

  next(value: R): void {
    this.stream.handOn(value);
  }

  protected begin(): ObservableInput<R> {
    this.hasBegun = true;
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
