import { map, type MonoTypeOperatorFunction } from 'rxjs';

import { Barrier } from '../lib/index.js';
import { checkOptions } from '../lib/internal/arguments.js';
import { refusal } from '../lib/internal/copy.js';
import { OneAtATime } from '../lib/internal/one-at-a-time.js';
import { observing } from '../lib/internal/source-observer.js';

/**
 * Lets each value wait at `barrier` before it passes: streams that share it go step by step.
 *
 * ```
 * fast               -a-b--------|
 * slow               ----c----d--|
 * fast, at barrier   ----a----b--|
 * slow, at barrier   ----c----d--|
 * ```
 *
 * **Order.** The values of one stream arrive one after another, in order. Those of one round pass in the order in which
 * they arrived. What comes while one waits is kept, as by `concatMap`.
 *
 * **Cancel safety.** Unsubscribing while a value waits leaves the barrier, and lowers its count; so does an error of the
 * source, before downstream is told.
 *
 * **Context.** A value arrives at the barrier, and passes, in the async context in which it came.
 *
 * **Python.** `await barrier.wait()` at the top of the body of an `async for`.
 *
 * @example
 * const step = new Barrier(2);
 *
 * of('left', 'right').pipe(meetAtBarrier(step)).subscribe(console.log);
 * of('links', 'rechts').pipe(meetAtBarrier(step)).subscribe(console.log);
 *
 * @throws TypeError at the call, for what is no barrier. {@link BrokenBarrierError}, {@link ClosedError},
 * {@link QueueFullError} and {@link CancelledError} downstream.
 */
export function meetAtBarrier<T>(barrier: Barrier): MonoTypeOperatorFunction<T>;
export function meetAtBarrier<T>(barrier: Barrier, options?: unknown): MonoTypeOperatorFunction<T> {
  checkOptions('meetAtBarrier', options, []);
  if (!(barrier instanceof Barrier)) {
    throw refusal('meetAtBarrier', 'a Barrier', barrier);
  }
  return observing((subscriber) => new OneAtATime<T, T>(subscriber, (value) => barrier.wait().pipe(map(() => value)), false));
}
