/**
 * The work that the contestants do, as a promise and as an Observable: the same steps in the same turn of the event
 * loop, so that what differs is who lets whom in, and when.
 */
import { Observable } from 'rxjs';

/** When a work ends: at once, in a microtask (a cache, a resolved promise), or in a macrotask (anything that does I/O). */
export type When = 'at once' | 'microtask' | 'macrotask';

const settled = Promise.resolve();

/** Counts what is done, and how much of it at the same time. */
export class Tally {
  private running = 0;
  private most = 0;
  private done = 0;
  private answers = 0;
  private sum = 0;

  constructor(private readonly when: When) {}

  /** The work, for those who take promises, or values where there is nothing to wait for. */
  asPromise(value: number): number | Promise<number> {
    this.begin();
    switch (this.when) {
      case 'at once':
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

  /** The work, for those who take Observables. */
  asObservable(value: number): Observable<number> {
    return new Observable((subscriber) => {
      this.begin();
      const finish = (): void => {
        this.end();
        subscriber.next(value);
        subscriber.complete();
      };
      switch (this.when) {
        case 'at once':
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

  /** Somebody was told the result of a work; says how many were. */
  answer(value: number): number {
    this.sum += value;
    return ++this.answers;
  }

  /** Throws if any work has begun. */
  checkUntouched(): void {
    must(this.running === 0 && this.done === 0, 'not everyone was in line');
  }

  /** Throws unless the works for 0 … size - 1 were all done and answered, never more than `limit` of them at a time. */
  check(size: number, limit: number): void {
    const { running, most, done, answers, sum } = this;
    const expected = Math.min(size, this.when === 'at once' ? 1 : limit);
    if (running !== 0 || done !== size || answers !== size || sum !== (size * (size - 1)) / 2 || most !== expected) {
      throw new Error(
        `the work was not done: of ${String(size)} works ${String(done)} ended and ${String(answers)} were answered, ` +
          `with the sum ${String(sum)}; ${String(most)} ran at the same time, of ${String(expected)}`,
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
    throw new Error(`the work was not done: ${what}`);
  }
}

/** Waits for what follows the last answer, and throws unless everything has been released after it. */
export async function untilFree(lock: { isFree(): boolean }): Promise<void> {
  for (let turn = 0; !lock.isFree(); turn++) {
    must(turn < 100, 'it was not released');
    await (turn < 10 ? Promise.resolve() : new Promise(setImmediate));
  }
}
