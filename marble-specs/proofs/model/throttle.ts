import { Subscription, type Observable, type ObservableInput, type Subscriber } from 'rxjs';

import { contextOfNow, HERE, type Kept } from './context.js';
import type { PermitSource } from './permits.js';
import { ModelSection, type ModelSectionOptions } from './section.js';
import { ModelStream, streaming } from './stream.js';
import { endLoop } from './delivery.js';

export interface ModelThrottleOptions<T> {
  readonly weight?: (value: T, index: number) => number;
  readonly priority?: (value: T, index: number) => number;
  readonly whenBusy?: 'wait' | 'skip' | 'error';
  readonly ordered?: boolean;
}

type Project<T, R> = (value: T, index: number) => ObservableInput<R>;

export function modelThrottle<T, R>(
  target: PermitSource,
  project: Project<T, R>,
  options: ModelThrottleOptions<T> = {},
): (source: Observable<T>) => Observable<R> {
  return streaming((subscriber: Subscriber<R>) => new Throttle(target, project, options, subscriber));
}

class Throttle<T, R> extends ModelStream<T, R> {
  readonly ordered: boolean;
  /** In order: the tasks that have not ended and, with `ordered`, those with outputs that were not emitted yet. */
  private tasks: ThrottleTask<R>[] = [];
  private index = 0;
  /** How many calls of `weight` and `priority` are under way. */
  private callsUnderWay = 0;
  private flushing = false;

  constructor(
    private readonly target: PermitSource,
    private readonly project: Project<T, R>,
    private readonly options: ModelThrottleOptions<T>,
    subscriber: Subscriber<R>,
  ) {
    super(subscriber);
    this.ordered = options.ordered ?? false;
  }

  protected take(value: T): void {
    const index = this.index++;
    this.callsUnderWay++;
    const wanted = this.callForeign(() => ({
      weight: this.options.weight?.(value, index) ?? 1,
      priority: this.options.priority?.(value, index) ?? 0,
    }));
    this.callsUnderWay--;
    if (wanted === undefined) {
      return;
    }
    const { whenBusy = 'wait' } = this.options;
    const task = new ThrottleTask(this.subscriber, { ...wanted, whenBusy }, this, index, () => this.project(value, index));
    this.tasks.push(task);
    this.tasks.sort((one, other) => one.index - other.index); // inside `weight()`, a later value may arrive first
    task.start(this.target);
  }

  emit(task: ThrottleTask<R>, value: R): void {
    if (this.ordered && (this.flushing || task !== this.tasks[0])) {
      const kept = { value, context: HERE };
      task.kept.push(kept);
      const { flushing } = this;
      this.flushing = true; // emits nothing, and ends nothing, during the capture
      this.callForeign(() => {
        kept.context = contextOfNow();
      });
      this.flushing = flushing;
      if (!flushing) {
        this.flush();
        this.drain();
      }
    } else {
      this.emitDownstream(value);
    }
  }

  ended(task: ThrottleTask<R>): void {
    if (task.isOver) {
      return;
    }
    task.isOver = true;
    try {
      if (!this.ordered) {
        this.tasks = this.tasks.filter((each) => each !== task);
      } else if (task === this.tasks[0] && !this.flushing) {
        this.flush();
      }
    } finally {
      this.drain();
    }
  }

  private flush(): void {
    const errors: unknown[] = [];
    this.flushing = true;
    while (this.tasks[0]?.isOver || this.tasks[0]?.kept.length) {
      const [oldest] = this.tasks;
      const kept = oldest.kept.shift();
      if (kept === undefined) {
        this.tasks.shift();
      } else {
        this.resume(
          kept.context,
          () => {
            this.emitDownstream(kept.value);
          },
          errors,
        );
      }
    }
    this.flushing = false;
    endLoop(errors);
  }

  protected drain(): void {
    if (this.exhausted && this.callsUnderWay === 0 && !this.flushing && this.tasks.every(({ isOver }) => isOver)) {
      this.end();
    }
  }

  /** Tears down the source, then the tasks, and then cancels the waiters. */
  protected tearDown(): void {
    const tasks = this.tasks.splice(0);
    const teardown = new Subscription();
    teardown.add(this.source);
    const [queued, started] = [tasks.filter(isQueued), tasks.filter((task) => !isQueued(task))];
    for (const task of [...started, ...queued]) {
      task.isOver = true;
      teardown.add(task);
    }
    teardown.unsubscribe();
  }
}

function isQueued({ phase }: ThrottleTask<unknown>): boolean {
  return phase === 'queued' || phase === 'granted';
}

class ThrottleTask<R> extends ModelSection<R> {
  isOver = false;
  private isFirstToFail = false;
  readonly kept: Kept<R>[] = [];

  constructor(
    subscriber: Subscriber<R>,
    options: ModelSectionOptions,
    private readonly throttle: Throttle<never, R>,
    readonly index: number,
    private readonly task: () => ObservableInput<R>,
  ) {
    super(subscriber, options);
  }

  next(value: R): void {
    this.throttle.emit(this, value);
  }

  protected begin(): ObservableInput<R> {
    return this.task();
  }

  protected override failing(): void {
    this.isFirstToFail ||= this.throttle.fails();
  }

  protected attachAtStart(): void {
    // Its throttle tears it down.
  }

  protected notifyDownstream(failed: boolean, error: unknown): void {
    if (!failed) {
      this.throttle.ended(this);
    } else if (this.isFirstToFail) {
      this.throttle.failWith(error);
    }
  }
}
