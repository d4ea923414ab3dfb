import type { Observable } from 'rxjs';

import { main as condition } from './examples/condition';
import conditionPython from './examples/condition.py?source' with { loader: 'text' };
import conditionSource from './examples/condition.ts?source' with { loader: 'text' };
import { main as lock } from './examples/lock';
import lockPython from './examples/lock.py?source' with { loader: 'text' };
import lockSource from './examples/lock.ts?source' with { loader: 'text' };

/** The same program twice. */
export interface Example {
  readonly name: string;
  readonly python: string;
  readonly typescript: string;
  /** What the TypeScript does: each value is a line that Python prints. */
  readonly main: Observable<string>;
}

export const examples: readonly Example[] = [
  { name: 'Lock', python: lockPython, typescript: lockSource, main: lock },
  { name: 'Condition', python: conditionPython, typescript: conditionSource, main: condition },
];

/** Lines of code in each cell, and a remark. */
export interface Row {
  readonly there: readonly string[];
  readonly here: readonly string[];
  readonly remark: string;
}

export const fromAsyncio: readonly Row[] = [
  {
    there: ['asyncio.Lock()'],
    here: ['new Lock()'],
    remark: 'Not reentrant, there and here. Here it is also an Observable of its state.',
  },
  {
    there: ['async with lock:'],
    here: ['source.pipe(withLock(lock))', 'lock.use(() => task)', 'await lock.run(async () => …)'],
    remark: 'The lock is held for as long as the task is subscribed to.',
  },
  {
    there: ['await lock.acquire()', 'lock.release()'],
    here: ['lock.acquire()', 'permit.release()'],
    remark: 'acquire() emits a permit, which can be released once. lock.release() is there too.',
  },
  {
    there: ['lock.locked()'],
    here: ['lock.locked()', 'toSignal(lock)'],
    remark: 'The first is for the moment, the second stays right.',
  },
  {
    there: ['asyncio.Event()', 'event.set(), event.clear()', 'event.is_set()', 'await event.wait()'],
    here: ['new Event()', 'event.set(), event.clear()', 'event.isSet()', 'event.wait()'],
    remark: 'waitForEvent and gateByEvent put it into a pipe. In a browser, AsyncEvent avoids the global name.',
  },
  {
    there: ['asyncio.Condition()', 'await condition.wait()', 'await condition.wait_for(predicate)'],
    here: ['new Condition()', 'condition.wait({ permit })', 'condition.waitFor(predicate, { permit })'],
    remark: 'withCondition does all of it: it waits, works, notifies and releases.',
  },
  {
    there: ['condition.notify(n)', 'condition.notify_all()'],
    here: ['condition.notify(n)', 'condition.notifyAll()'],
    remark: 'A notification is not lost when its waiter is cancelled: it goes to the next one.',
  },
  {
    there: ['asyncio.Semaphore(3)'],
    here: ['new Semaphore(3)', 'source.pipe(throttleBySemaphore(semaphore))'],
    remark: 'With weights and priorities besides.',
  },
  {
    there: ['asyncio.BoundedSemaphore(3)'],
    here: ['new BoundedSemaphore(3)', 'semaphore.resize(bound)'],
    remark: 'One release too many is an error. The bound can be changed, and 0 is a pause.',
  },
  {
    there: ['asyncio.Barrier(3)', 'await barrier.wait()', 'barrier.n_waiting', 'barrier.reset(), barrier.abort()'],
    here: ['new Barrier(3)', 'barrier.wait()', 'barrier.waiting', 'barrier.reset(), barrier.abort()'],
    remark: 'meetAtBarrier lets each value of a stream wait.',
  },
  {
    there: [],
    here: ['new ReadWriteLock()', 'withLock(lock.read)', 'withLock(lock.write)'],
    remark: 'asyncio has none. Many readers, or one writer; one queue for both.',
  },
  {
    there: ['defaultdict(asyncio.Lock)'],
    here: ['new KeyedLock()', 'withLock(locks.get(key))', 'withLock(locks.all([a, b]))'],
    remark: 'The dict keeps each key for ever. A KeyedLock forgets a key that is not in use.',
  },
  {
    there: ['asyncio.timeout(1)'],
    here: ['until: timer(1000)', 'acquire().pipe(timeout(1000))'],
    remark: 'until bounds the wait alone, not the task.',
  },
  {
    there: ['task.cancel()'],
    here: ['subscription.unsubscribe()'],
    remark: 'At once, and the one who leaves is told nothing more.',
  },
  {
    there: ['asyncio.TaskGroup()', 'asyncio.gather(a, b)'],
    here: ['forkJoin([a, b])', 'merge(a, b)'],
    remark: 'Plain RxJS. An error of one unsubscribes from the others, as in a TaskGroup.',
  },
];

export const differences: readonly string[] = [
  'A released lock goes directly to the next waiter. locked() is never false in between, so nobody can overtake.',
  'Nothing waits for a later turn of an event loop: release() runs the next holder before it returns. A TestScheduler sees each wake-up in its frame.',
  'A cancelled wait() does not acquire its lock again, since unsubscribing cannot wait.',
  'The work is torn down first, and then the lock is released. Where the work is a promise, the lock is held until it has settled.',
];

export const fromRxjs: readonly Row[] = [
  {
    there: ['concatMap(save)'],
    here: ['withLock(lock)'],
    remark: 'One stream in one place. A lock is shared by streams, components and services, and each caller has its own answer.',
  },
  {
    there: ['mergeMap(load, 4)'],
    here: ['throttleBySemaphore(semaphore, load)'],
    remark: 'One stream of asynchronous work. A semaphore is shared, has weights and priorities, and can be resized.',
  },
  {
    there: ['exhaustMap(save)'],
    here: ['exhaustMapLatest(save)'],
    remark: 'What comes meanwhile is really to be ignored, like a double click. Otherwise the last edit would be lost.',
  },
  {
    there: ['switchMap(load)'],
    here: ['exhaustMapLatest(save)'],
    remark: 'Reading, where only the newest answer counts. A save that is broken off may still be done by the server.',
  },
  {
    there: ['groupBy(keyOf)', 'mergeMap((group) => group.pipe(concatMap(save)))'],
    here: ['concatMapByKey(keyOf, save)'],
    remark: 'Few keys, or the groups are needed for something else. They are kept for ever.',
  },
  {
    there: ['online.pipe(filter(Boolean), first())', 'delayWhen(…)'],
    here: ['waitForEvent(online)', 'gateByEvent(online)'],
    remark: 'The flag is a stream of its own, and is looked at once.',
  },
  {
    there: ['bufferToggle(…)'],
    here: ['gateByEvent(event, { limit })'],
    remark: 'Arrays are what you want, and what is left at the end may be lost.',
  },
  {
    there: ['zip(a, b)'],
    here: ['meetAtBarrier(barrier)'],
    remark: 'The values belong together. At a barrier, each stream stays its own.',
  },
  {
    there: ['shareReplay(1)'],
    here: ['lock.use(() => token ?? refresh())'],
    remark: 'One result for all, for ever. A lock lets the next caller try again after a failure.',
  },
];
