import { Subscription, type Observable, type ObservableInput, type Subscriber } from 'rxjs';

import { contextOfNow, HERE, type Kept } from './context.js';
import type { ModelDoor } from './permits.js';
import { ModelSection, type ModelSectionOptions } from './section.js';
import { ModelStream, streaming } from './stream.js';
import { endLoop } from './turn.js';

export interface ModelThrottleOptions<T> {
  readonly weight?: (value: T, index: number) => number;
  readonly priority?: (value: T, index: number) => number;
  readonly whenBusy?: 'wait' | 'skip' | 'error';
  readonly ordered?: boolean;
}

type Project<T, R> = (value: T, index: number) => ObservableInput<R>;

export function modelThrottle<T, R>(
  home: ModelDoor,
  project: Project<T, R>,
  options: ModelThrottleOptions<T> = {},
): (source: Observable<T>) => Observable<R> {
  return streaming((subscriber: Subscriber<R>) => new Throttle(home, project, options, subscriber));
}

class Throttle<T, R> extends ModelStream<T, R> {
  readonly ordered: boolean;
  /** Those that are not over, and with `ordered` also those whose results were not all handed on, in their order. */
  private works: Work<R>[] = [];
  private index = 0;
  /** For how many values one is just being asked what their works want. */
  private asking = 0;
  private flushing = false;

  constructor(
    private readonly home: ModelDoor,
    private readonly project: Project<T, R>,
    private readonly options: ModelThrottleOptions<T>,
    subscriber: Subscriber<R>,
  ) {
    super(subscriber);
    this.ordered = options.ordered ?? false;
  }

  protected take(value: T): void {
    const index = this.index++;
    this.asking++;
    const wanted = this.ask(() => ({
      weight: this.options.weight?.(value, index) ?? 1,
      priority: this.options.priority?.(value, index) ?? 0,
    }));
    this.asking--;
    if (wanted === undefined) {
      return;
    }
    const { whenBusy = 'wait' } = this.options;
    const work = new Work(this.subscriber, { ...wanted, whenBusy }, this, index, () => this.project(value, index));
    this.works.push(work);
    this.works.sort((one, other) => one.index - other.index); // a weight can make a later value come first
    work.start(this.home);
  }

  emit(work: Work<R>, value: R): void {
    if (this.ordered && (this.flushing || work !== this.works[0])) {
      const kept = { value, context: HERE };
      work.kept.push(kept);
      const { flushing } = this;
      this.flushing = true; // nothing goes on, or is over, while that is found out
      this.ask(() => {
        kept.context = contextOfNow();
      });
      this.flushing = flushing;
      if (!flushing) {
        this.flush();
        this.drain();
      }
    } else {
      this.handOn(value);
    }
  }

  left(work: Work<R>): void {
    if (work.isOver) {
      return;
    }
    work.isOver = true;
    try {
      if (!this.ordered) {
        this.works = this.works.filter((each) => each !== work);
      } else if (work === this.works[0] && !this.flushing) {
        this.flush();
      }
    } finally {
      this.drain();
    }
  }

  private flush(): void {
    const errors: unknown[] = [];
    this.flushing = true;
    while (this.works[0]?.isOver || this.works[0]?.kept.length) {
      const [oldest] = this.works;
      const kept = oldest.kept.shift();
      if (kept === undefined) {
        this.works.shift();
      } else {
        this.goOn(
          kept.context,
          () => {
            this.handOn(kept.value);
          },
          errors,
        );
      }
    }
    this.flushing = false;
    endLoop(errors);
  }

  protected drain(): void {
    if (this.exhausted && this.asking === 0 && !this.flushing && this.works.every(({ isOver }) => isOver)) {
      this.end();
    }
  }

  /** Of the source first, then of the works, then of the places in line. */
  protected letGo(): void {
    const works = this.works.splice(0);
    const leaving = new Subscription();
    leaving.add(this.source);
    const [inLine, inside] = [works.filter(isInLine), works.filter((work) => !isInLine(work))];
    for (const work of [...inside, ...inLine]) {
      work.isOver = true;
      leaving.add(work);
    }
    leaving.unsubscribe();
  }
}

function isInLine({ standing }: Work<unknown>): boolean {
  return standing === 'waiting' || standing === 'promised';
}

class Work<R> extends ModelSection<R> {
  isOver = false;
  private isFirstToFail = false;
  readonly kept: Kept<R>[] = [];

  constructor(
    subscriber: Subscriber<R>,
    options: ModelSectionOptions,
    private readonly throttle: Throttle<never, R>,
    readonly index: number,
    private readonly work: () => ObservableInput<R>,
  ) {
    super(subscriber, options);
  }

  next(value: R): void {
    this.throttle.emit(this, value);
  }

  protected begin(): ObservableInput<R> {
    return this.work();
  }

  protected override failing(): void {
    this.isFirstToFail ||= this.throttle.fails();
  }

  protected wire(): void {
    // Its throttle lets go of it.
  }

  protected tell(failed: boolean, error: unknown): void {
    if (!failed) {
      this.throttle.left(this);
    } else if (this.isFirstToFail) {
      this.throttle.failWith(error);
    }
  }
}
