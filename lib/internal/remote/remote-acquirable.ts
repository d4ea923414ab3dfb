import type { Observable, ObservableInput } from 'rxjs';

import type { Acquirable, LosablePermit, Permit } from '../../permit.js';
import { ownAcquirable } from '../tasks/admission.js';
import { run, use, type RunOptions, type UseOptions } from '../tasks/use.js';

/** The base of the locks outside the process: their safe forms, `use()` and `run()`, over their `acquire()`. */
export abstract class RemoteAcquirable<P extends LosablePermit> implements Acquirable<P> {
  abstract acquire(weight?: number): Observable<P>;

  abstract tryAcquire(weight?: number): Observable<P | null>;

  /** The kind and the name, for messages. */
  abstract toString(): string;

  /**
   * Runs `task` while holding a permit. This is the safe form: the permit is released for you.
   *
   * ```
   * first        --a--b--|
   * second               --c--|
   * first used   --a--b--|
   * second used  ----------c--|
   * ```
   *
   * **Order, cancel safety.** As `acquire()` for the wait, and as {@link Lock.use} for the task: its source is torn down, then
   * the permit is released, then downstream is notified.
   *
   * **Lost permits.** If the permit is lost, the task is torn down and downstream gets a {@link LockLostError}. A promise cannot
   * be torn down. It goes on, and learns of the loss by `permit.signal`.
   *
   * **Python.** `async with lock:`.
   *
   * @param task - called with the permit, once it is held; returns what to subscribe to. What it throws goes downstream.
   * @param options - `weight` is how many units of a semaphore to hold. `until` bounds the wait: when it emits first, RxJS's
   * `TimeoutError` goes downstream.
   */
  use<T>(task: (permit: P) => ObservableInput<T>, options?: UseOptions): Observable<T> {
    return use(ownAcquirable('use', this), task as (permit: Permit) => ObservableInput<T>, options);
  }

  /**
   * Runs `task` while holding a permit, for `async`/`await`. It starts at once, and settles as the task does. If the permit is
   * lost, it rejects with a {@link LockLostError} at once. The task goes on, and learns of the loss by `permit.signal`.
   *
   * **Cancel safety.** The option `signal` aborts the wait alone, with its reason.
   *
   * **Python.** `async with lock:`, around the body of the task.
   */
  run<T>(task: (permit: P) => T | PromiseLike<T>, options?: RunOptions): Promise<T> {
    return run(ownAcquirable('run', this), task as (permit: Permit) => T | PromiseLike<T>, options);
  }
}
