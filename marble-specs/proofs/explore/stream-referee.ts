import { nameOf, type Stage } from './stage.js';

/** Which of the emitted values must reach downstream. */
export type Due = (emitted: readonly string[]) => readonly string[];

export const all: Due = (emitted) => emitted;
export const latest: Due = (emitted) => emitted.slice(-1);
export const none: Due = () => [];

/**
 * Knows what downstream must receive, and in which identity, from what the source, the tasks and the subscriber of a stream
 * report alone, without the model. It notes what must not happen.
 */
export class StreamReferee {
  readonly emitted: string[] = [];
  readonly received: string[] = [];

  private source: 'open' | 'completed' | 'failed' = 'open';
  private result: 'not subscribed' | 'open' | 'over' = 'not subscribed';

  /** The values whose tasks have started; if there are no tasks, the values that were emitted downstream. */
  private readonly served = new Set<string>();
  /** The tasks that have been subscribed to, and whose teardown has not begun. */
  private readonly running = new Set<string>();
  /** What failed, in order: downstream must receive the first. */
  private readonly failures: unknown[] = [];

  /** @param hasTasks - whether each value is projected to a task; otherwise it is emitted itself. */
  constructor(
    private readonly stage: Stage,
    readonly name: string,
    private readonly due: Due,
    private readonly hasTasks = true,
  ) {}

  get isOpen(): boolean {
    return this.result === 'open';
  }

  subscribes(): void {
    this.result = 'open';
  }

  emits(value: string): void {
    if (this.source === 'open') {
      this.emitted.push(value);
    }
  }

  completes(): void {
    if (this.source === 'open') {
      this.source = 'completed';
    }
  }

  sourceFails(error: unknown): void {
    if (this.source === 'open') {
      this.source = 'failed';
      this.fails(error);
    }
  }

  /** Runs a callback of the stream; an error that it throws is a failure of the stream. */
  during<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      this.fails(error);
      throw error;
    }
  }

  /** The task of a value starts. It must run in the identity of the step that emitted the value. */
  projects(value: string): void {
    this.stage.must(this.name, `emits ${value}`, `the task of ${value} starts`);
    this.served.add(value);
  }

  runs(value: string): void {
    this.running.add(value);
  }

  ends(value: string): void {
    this.running.delete(value);
  }

  /** The source or a task fails. */
  fails(error: unknown): void {
    if (this.result === 'open') {
      this.failures.push(error);
    }
  }

  /** Downstream receives a value. It must run in the identity of the step that emitted it. */
  receives(value: string): void {
    if (this.hasTasks) {
      this.stage.must(value.replace('of ', ''), 'emits', `${value} is received`);
    } else {
      this.stage.must(this.name, `emits ${value}`, `${value} is received`);
    }
    this.mustNotHaveFailed(value);
    this.received.push(value);
    if (!this.hasTasks) {
      this.served.add(value);
    }
  }

  receivesError(error: unknown): void {
    this.result = 'over';
    const [first] = this.failures;
    if (error !== first && this.failures.includes(error)) {
      this.stage.wrong(`${this.name} receives '${nameOf(error)}', but '${nameOf(first)}' was first`);
    }
    if (this.running.size > 0) {
      this.stage.wrong(`${this.name} receives an error while ${[...this.running].join()} runs`);
    }
  }

  receivesCompletion(): void {
    this.mustNotHaveFailed('the completion');
    const lost = this.lost();
    if (this.source !== 'completed' || this.running.size > 0 || lost !== undefined) {
      this.stage.wrong(`${this.name} completes, with ${String(lost)} lost and ${[...this.running].join()} running`);
    }
    this.result = 'over';
  }

  unsubscribes(): void {
    this.result = 'over';
  }

  /** @param isFree - whether only its own tasks can keep a value waiting. */
  judgeAtRest(isFree: boolean): string | undefined {
    if (this.result !== 'open') {
      return undefined;
    }
    if (this.failures.length > 0) {
      return `${this.name} does not receive '${nameOf(this.failures[0])}'`;
    }
    if (!isFree || this.running.size > 0) {
      return undefined;
    }
    const lost = this.lost();
    if (lost !== undefined) {
      return `${lost} waits without a reason`;
    }
    return this.source === 'completed'
      ? `${this.name} does not complete, although its source has completed and no task runs`
      : undefined;
  }

  private lost(): string | undefined {
    return this.due(this.emitted).find((value) => !this.served.has(value));
  }

  private mustNotHaveFailed(what: string): void {
    if (this.failures.length > 0) {
      this.stage.wrong(`${this.name} receives ${what} after '${nameOf(this.failures[0])}'`);
    }
  }
}
