import { map, type MonoTypeOperatorFunction } from 'rxjs';

import { Barrier } from '../lib/index.js';
import { checkOptions } from '../lib/internal/checks/arguments.js';
import { refusal } from '../lib/internal/checks/copy.js';
import { OneAtATime } from '../lib/internal/streams/one-at-a-time.js';
import { observing } from '../lib/internal/streams/source-observer.js';

/**
 * Makes each value wait at `barrier` before it passes, so that streams that share the barrier advance in lockstep.
 *
 * ```
 * fast               -a-b--------|
 * slow               ----c----d--|
 * fast, at barrier   ----a----b--|
 * slow, at barrier   ----c----d--|
 * ```
 *
 * **Order.** The values of one stream arrive at the barrier one after another, in order. The values of one round pass in
 * the order of their arrival. A value that is emitted while another one waits is kept, as in `concatMap`.
 *
 * **Cancel safety.** Unsubscribing while a value waits leaves the barrier and lowers its count. An error of the source does
 * the same, before downstream is notified.
 *
 * **Context.** A value arrives at the barrier, and passes it, in the async context in which the source emitted it.
 *
 * **Python.** `await barrier.wait()` at the top of the body of an `async for`.
 *
 * @example
 * const step = new Barrier(2);
 *
 * of('left', 'right').pipe(meetAtBarrier(step)).subscribe(console.log);
 * of('links', 'rechts').pipe(meetAtBarrier(step)).subscribe(console.log);
 *
 * @throws TypeError at the call, if `barrier` is not a barrier. {@link BrokenBarrierError}, {@link ClosedError},
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
