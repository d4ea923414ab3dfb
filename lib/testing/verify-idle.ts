import type { Observable } from 'rxjs';

import { Barrier } from '../barrier.js';
import { Condition } from '../condition.js';
import { Event } from '../event.js';
import { refusal } from '../internal/checks/copy.js';
import { Side } from '../internal/primitives/side.js';
import { KeyedLock } from '../keyed-lock.js';
import { Lock } from '../lock.js';
import { ReadWriteLock } from '../read-write-lock.js';
import { Semaphore } from '../semaphore.js';

/**
 * Everything that can be verified: the primitives, the sides of a read-write lock, and the keys of a keyed lock.
 *
 * @inline
 */
type Verifiable = Observable<unknown> & { readonly waiting: number; toString(): string };

/**
 * Throws if a permit is out or a waiter is in a queue. Call it at the end of a test, to find a permit that was never released.
 *
 * The error has one line for each primitive that is not idle:
 *
 * ```text
 * not idle:
 * semaphore "api": 2 permits out, 1 waiting
 * event "online": 3 waiting
 * ```
 *
 * **Idle.** No permit is out, and no waiter is in the queue. Whether an event is set, or a barrier is broken, does not matter. A
 * condition is verified together with its lock. A closed primitive can be verified too.
 *
 * **Units.** A permit of a semaphore counts as often as its weight. `semaphore.release(n)` does not release a permit, and so does
 * not change the number of permits that are out.
 *
 * **Python.** None. Trio's `statistics()` has the same figures.
 *
 * @example
 * const lock = new Lock({ name: 'orders' });
 *
 * of('a task').pipe(withLock(lock)).subscribe();
 * verifyIdle(lock);
 * lock.acquire().subscribe();
 * try {
 *   verifyIdle(lock);
 * } catch (error) {
 *   console.log(String(error)); // lock "orders": 1 permit out
 * }
 *
 * @param primitives - primitives, sides of a `ReadWriteLock`, keys of a `KeyedLock`.
 * @throws Error if one of them is not idle. TypeError for a value that is none of these.
 */
export function verifyIdle(...primitives: Verifiable[]): void {
  const lines = [...new Set(primitives.flatMap(withItsLock))].map(lineOf).filter((line) => line !== undefined);
  if (lines.length > 0) {
    throw new Error(`not idle:\n${lines.join('\n')}`);
  }
}

/** A notified waiter of a condition is in the queue of the lock. */
function withItsLock(primitive: Verifiable): readonly Verifiable[] {
  return primitive instanceof Condition ? [primitive, primitive.lock] : [primitive];
}

/** What is in use, or undefined for an idle primitive. */
function lineOf(primitive: Verifiable): string | undefined {
  const parts = [...inUse(primitive), ...counted(primitive.waiting, 'waiting')];
  return parts.length === 0 ? undefined : `${primitive.toString()}: ${parts.join(', ')}`;
}

function inUse(primitive: unknown): readonly string[] {
  if (primitive instanceof Semaphore) {
    return permits(primitive.unitsOut);
  }
  if (primitive instanceof Lock) {
    return permits(Number(primitive.locked()));
  }
  if (primitive instanceof ReadWriteLock) {
    return permits(primitive.readers + Number(primitive.writing));
  }
  if (primitive instanceof KeyedLock) {
    return counted(primitive.keys, primitive.keys === 1 ? 'key in use' : 'keys in use');
  }
  if (primitive instanceof Side) {
    return primitive.locked() ? ['in use'] : [];
  }
  if (primitive instanceof Event || primitive instanceof Condition || primitive instanceof Barrier) {
    return [];
  }
  throw refusal('verifyIdle', 'a primitive, a side or a key', primitive);
}

function permits(count: number): readonly string[] {
  return counted(count, count === 1 ? 'permit out' : 'permits out');
}

function counted(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${String(count)} ${what}`];
}
