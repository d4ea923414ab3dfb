/**
 * The task that the contestants run, as a promise and as an Observable. Both do the same steps in the same turn of the event
 * loop, so that the contestants differ only in when they grant.
 */
import { Observable } from 'rxjs';

/** When a task completes: synchronously, in a microtask (a cache, a resolved promise), or in a macrotask (any I/O). */
export type Completion = 'synchronous' | 'microtask' | 'macrotask';

const settled = Promise.resolve();

/** Counts the tasks, and how many of them run at the same time. */
export class Tally {
  private running = 0;
  private most = 0;
  private done = 0;
  private answers = 0;
  private sum = 0;

  constructor(private readonly completion: Completion) {}

  /** The task for contestants that take promises. A synchronous task returns its value. */
  asPromise(value: number): number | Promise<number> {
    this.begin();
    switch (this.completion) {
      case 'synchronous':
        this.end();
        return value;
      case 'microtask':
        return settled.then(() => {
          this.end();
          return value;
        });
      case 'macrotask':
        return new Promise((resolve) => {
          setImmediate(() => {
            this.end();
            resolve(value);
          });
        });
    }
  }

  /** The task for contestants that take Observables. */
  asObservable(value: number): Observable<number> {
    return new Observable((subscriber) => {
      this.begin();
      const finish = (): void => {
        this.end();
        subscriber.next(value);
        subscriber.complete();
      };
      switch (this.completion) {
        case 'synchronous':
          finish();
          break;
        case 'microtask':
          void settled.then(finish);
          break;
        case 'macrotask':
          setImmediate(finish);
          break;
      }
    });
  }

  /** Counts a result that a caller received, and returns the count. */
  answer(value: number): number {
    this.sum += value;
    return ++this.answers;
  }

  /** Throws if a task has started. */
  checkUntouched(): void {
    must(this.running === 0 && this.done === 0, 'not all tasks were enqueued');
  }

  /** Throws unless all tasks for 0 … size - 1 are done, each result was received, and at most `limit` tasks ran at a time. */
  check(size: number, limit: number): void {
    const { running, most, done, answers, sum } = this;
    const expected = Math.min(size, this.completion === 'synchronous' ? 1 : limit);
    if (running !== 0 || done !== size || answers !== size || sum !== (size * (size - 1)) / 2 || most !== expected) {
      throw new Error(
        `the job was not done: ${String(done)} of ${String(size)} tasks completed, and callers received ${String(answers)} results ` +
          `with the sum ${String(sum)}; ${String(most)} tasks ran at the same time, expected ${String(expected)}`,
      );
    }
  }

  private begin(): void {
    if (++this.running > this.most) {
      this.most = this.running;
    }
  }

  private end(): void {
    this.running--;
    this.done++;
  }
}

/** Throws unless `condition` holds. */
export function must(condition: boolean, what: string): void {
  if (!condition) {
    throw new Error(`the job was not done: ${what}`);
  }
}

/** Waits until the lock is free after the last result, and throws if it stays held. */
export async function untilFree(lock: { isFree(): boolean }): Promise<void> {
  for (let turn = 0; !lock.isFree(); turn++) {
    must(turn < 100, 'the lock was not released');
    await (turn < 10 ? Promise.resolve() : new Promise(setImmediate));
  }
}
