import { nameOf, type Stage } from './stage.js';

/** Of the values that came, those that must not be lost. */
export type Due = (emitted: readonly string[]) => readonly string[];

export const all: Due = (emitted) => emitted;
export const latest: Due = (emitted) => emitted.slice(-1);
export const none: Due = () => [];

/**
 * Knows, from what the source, the tasks and the subscriber of a stream say, what downstream must hear and in whose name;
 * says what must not be. It knows nothing of the model.
 */
export class StreamReferee {
  readonly emitted: string[] = [];
  readonly received: string[] = [];

  private source: 'goes on' | 'completed' | 'failed' = 'goes on';
  private result: 'not yet' | 'open' | 'over' = 'not yet';

  /** The values whose tasks have begun; those that were handed down, where there are no tasks. */
  private readonly served = new Set<string>();
  /** The tasks that have been subscribed to, and whose teardown has not begun. */
  private readonly running = new Set<string>();
  /** What failed, in this order: downstream hears the first. */
  private readonly failures: unknown[] = [];

  /** @param hasTasks - whether each value is projected to a task, or is handed down itself. */
  constructor(
    private readonly stage: Stage,
    readonly name: string,
    private readonly due: Due,
    private readonly hasTasks = true,
  ) {}

  get isOpen(): boolean {
    return this.result === 'open';
  }

  comes(): void {
    this.result = 'open';
  }

  emits(value: string): void {
    if (this.source === 'goes on') {
      this.emitted.push(value);
    }
  }

  completes(): void {
    if (this.source === 'goes on') {
      this.source = 'completed';
    }
  }

  sourceFails(error: unknown): void {
    if (this.source === 'goes on') {
      this.source = 'failed';
      this.fails(error);
    }
  }

  /** Runs what belongs to the stream; what it throws is a failure of the stream. */
  during<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      this.fails(error);
      throw error;
    }
  }

  /** The task of a value begins, in the name of the step in which that value came, whoever made it its turn. */
  projects(value: string): void {
    this.stage.must(this.name, `emits ${value}`, `the task of ${value} begins`);
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

  /** A value is handed down, in the name of the step in which it was emitted. */
  hears(value: string): void {
    if (this.hasTasks) {
      this.stage.must(value.replace('of ', ''), 'emits', `${value} is handed down`);
    } else {
      this.stage.must(this.name, `emits ${value}`, `${value} is handed down`);
    }
    this.mustNotHaveFailed(value);
    this.received.push(value);
    if (!this.hasTasks) {
      this.served.add(value);
    }
  }

  hearsError(error: unknown): void {
    this.result = 'over';
    const [first] = this.failures;
    if (error !== first && this.failures.includes(error)) {
      this.stage.wrong(`${this.name} hears '${nameOf(error)}', but '${nameOf(first)}' was first`);
    }
    if (this.running.size > 0) {
      this.stage.wrong(`${this.name} hears an error while ${[...this.running].join()} runs`);
    }
  }

  hearsCompletion(): void {
    this.mustNotHaveFailed('the completion');
    const lost = this.lost();
    if (this.source !== 'completed' || this.running.size > 0 || lost !== undefined) {
      this.stage.wrong(`${this.name} completes, with ${String(lost)} lost and ${[...this.running].join()} running`);
    }
    this.result = 'over';
  }

  leaves(): void {
    this.result = 'over';
  }

  /** @param isFree - whether nothing but its own tasks could keep a value waiting. */
  judgeAtRest(isFree: boolean): string | undefined {
    if (this.result !== 'open') {
      return undefined;
    }
    if (this.failures.length > 0) {
      return `${this.name} does not hear of '${nameOf(this.failures[0])}'`;
    }
    if (!isFree || this.running.size > 0) {
      return undefined;
    }
    const lost = this.lost();
    if (lost !== undefined) {
      return `${lost} waits, and nothing is in its way`;
    }
    return this.source === 'completed' ? `${this.name} goes on, though its source has completed and nothing runs` : undefined;
  }

  private lost(): string | undefined {
    return this.due(this.emitted).find((value) => !this.served.has(value));
  }

  private mustNotHaveFailed(what: string): void {
    if (this.failures.length > 0) {
      this.stage.wrong(`${this.name} hears ${what} after '${nameOf(this.failures[0])}'`);
    }
  }
}
