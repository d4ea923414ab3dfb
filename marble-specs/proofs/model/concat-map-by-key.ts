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
  /** The tasks that have not ended, in the order of their values. */
  private tasks: KeyTask<T, R>[] = [];
  private index = 0;
  /** How many calls of `keyOf` are under way. */
  private callsUnderWay = 0;

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
    const waiting = (key: string): KeyTask<T, R> | undefined =>
      this.options.keep === 'latest' ? this.tasks.find((task) => task.key === key && !task.hasBegun) : undefined;
    this.callsUnderWay++;
    const answer = this.callForeign(() => {
      const key = this.keyOf(value);
      return waiting(key) === undefined ? { key } : { key, context: contextOfNow() };
    });
    this.callsUnderWay--;
    if (answer === undefined) {
      return;
    }
    const { key, context } = answer;
    const waits = waiting(key);
    if (waits !== undefined) {
      waits.becomes(value, index, context ?? waits.context);
      return;
    }
    const task = new KeyTask(this.subscriber, this, key, value, index, this.project);
    this.tasks.push(task);
    task.start(this.locks.get(key));
  }

  ended(task: KeyTask<T, R>): void {
    if (this.tasks.includes(task)) {
      this.tasks = this.tasks.filter((each) => each !== task);
      this.drain();
    }
  }

  protected drain(): void {
    if (this.exhausted && this.callsUnderWay === 0 && this.tasks.length === 0) {
      this.end();
    }
  }

  /** Tears down the source, then the tasks, and then cancels the waiters. */
  protected tearDown(): void {
    const tasks = this.tasks.splice(0);
    const teardown = new Subscription();
    teardown.add(this.source);
    const isQueued = ({ phase }: KeyTask<T, R>): boolean => phase === 'queued' || phase === 'granted';
    for (const task of [...tasks.filter((each) => !isQueued(each)), ...tasks.filter(isQueued)]) {
      teardown.add(task);
    }
    teardown.unsubscribe();
  }
}

class KeyTask<T, R> extends ModelSection<R> {
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

  /** Replaces its value with a later one. */
  becomes(value: T, index: number, context: ModelContext): void {
    if (index > this.index) {
      this.value = value;
      this.index = index;
      this.context = context;
    }
  }

  next(value: R): void {
    this.stream.emitDownstream(value);
  }

  beforeGrant(): void {
    this.hasBegun = true;
  }

  protected begin(): ObservableInput<R> {
    return this.project(this.value);
  }

  protected override failing(): void {
    this.isFirstToFail ||= this.stream.fails();
  }

  protected attachAtStart(): void {
    // Its stream tears it down.
  }

  protected notifyDownstream(failed: boolean, error: unknown): void {
    if (!failed) {
      this.stream.ended(this);
    } else if (this.isFirstToFail) {
      this.stream.failWith(error);
    }
  }
}
