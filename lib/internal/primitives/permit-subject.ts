/**
 * The base of the primitives that grant permits: their safe forms, `use()` and `run()`. A primitive itself defines what
 * is free, what a grant takes, and what a release puts back.
 */
import type { Observable, ObservableInput } from 'rxjs';

import type { Acquirable, Permit } from '../../permit.js';
import { run, use, type RunOptions, type UseOptions } from '../tasks/use.js';
import { admit, type OnBusy, type Waiter } from '../waiting/waiter.js';
import { StatefulSubject } from './stateful-subject.js';

export abstract class PermitSubject<S, W extends Waiter = Waiter> extends StatefulSubject<S, W> implements Acquirable {
  abstract acquire(): Observable<Permit>;

  abstract tryAcquire(): Permit | null;

  /** @internal Grants to a waiter now, or enqueues it. */
  abstract [admit](waiter: Waiter, onBusy?: OnBusy): void;

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
   * **Order.** First come, first served. When the task has ended, its source is torn down and the permit is released.
   * Then downstream is notified, and then the next waiter is woken.
   *
   * **Cancel safety.** Unsubscribing while waiting gives up the place in the queue. Unsubscribing while holding tears
   * the task down and then releases. A promise cannot be torn down: where `task` returns one, the permit is held until
   * it has settled. The same goes for an async iterable: its permit is held until the pending `next()` and `return()`
   * have settled.
   *
   * **Python.** `async with lock:`, `async with semaphore:`.
   *
   * @param task - called with the permit, once it is held; returns what to subscribe to. What it throws goes
   * downstream.
   * @param options - `weight` is how many units of a semaphore to hold. `until` bounds the wait: when it emits first,
   * RxJS's `TimeoutError` goes downstream.
   */
  use<T>(task: (permit: Permit) => ObservableInput<T>, options?: UseOptions): Observable<T> {
    return use(this, task, options);
  }

  /**
   * Runs `task` while holding a permit, for `async`/`await`. It starts at once, and settles as the task does.
   *
   * Where no wait is needed, `task` is called before `run` returns. So `next ??= lock.run(task)` does not coalesce
   * calls: a call inside `task` finds `next` unset. docs/recipes.md shows the form that does.
   *
   * **Cancel safety.** `signal` aborts the wait alone, with its reason. A task whose signal is aborted before the task
   * starts never starts. Once the task runs, the permit is held until it settles.
   *
   * **Python.** `async with lock:`, `async with semaphore:`, around the body of the task.
   *
   * @example
   * const lock = new Lock();
   * const total = await lock.run(async () => (await Promise.resolve(20)) + 1);
   */
  run<T>(task: (permit: Permit) => T | PromiseLike<T>, options?: RunOptions): Promise<T> {
    return run(this, task, options);
  }
}
