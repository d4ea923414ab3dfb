import { acquirer, observer, patience, resizer, Stream, waiter, worker, workOf, type Actor } from '../actors.js';
import type { Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { all, latest, none, StreamReferee, type Due } from '../stream-referee.js';
import { streamByKey } from './concat-map-by-key.js';
import { conditionScenery, notifier, sleeper } from './condition.js';
import { KeyReferees, keyedLockScenery, keysOf } from './keyed-lock.js';
import { reader, readWriteLockScenery, writer } from './read-write-lock.js';
import { closeAll, semaphoreScenery, valueOf } from './scenery.js';

/** A crowd, on several primitives at once: too large to be explored, for random programs of hundreds of steps. */
export const town: World = {
  name: 'A town',
  steps: 600,
  build(stage: Stage, kit: Kit): Scenery {
    const [lock, semaphore, bounded, event] = [kit.lock(), kit.semaphore(3), kit.boundedSemaphore(2), kit.event()];
    const [condition, barrier, readWriteLock] = [kit.condition(lock), kit.barrier(4), kit.readWriteLock()];
    const [atLock, atSemaphore, atBounded, atReadWriteLock] = [new Referee(), new Referee(), new Referee(), new Referee()];
    const doors = ['x', 'y', 'z'];
    const [locks, atDoors] = [kit.keyedLock(), new KeyReferees(doors)];
    let isTrue = false;
    const streams: StreamReferee[] = [];
    const refereeOf = (name: string, due: Due, hasTasks = true): StreamReferee => {
      const referee = new StreamReferee(stage, name, due, hasTasks);
      streams.push(referee);
      return referee;
    };
    const crowd = (size: number, one: (name: string, n: number) => Actor): Actor[] =>
      Array.from({ length: size }, (_, n) => one(String(n), n));
    const actors = [
      ...crowd(16, (n, at) =>
        acquirer(stage, atLock, lock, `lock ${n}`, at % 2 === 0 ? {} : { until: patience(stage, `lock ${n}`) }),
      ),
      ...crowd(12, (n) => worker(stage, atLock, `at work ${n}`, kit.withLock(lock), () => lock.waiting)),
      ...crowd(16, (n, at) =>
        sleeper(stage, kit, condition, atLock, `asleep ${n}`, {
          until: patience(stage, `asleep ${n}`),
          ...(at % 2 === 0 && { predicate: () => isTrue }),
        }),
      ),
      ...crowd(20, (n, at) =>
        acquirer(stage, atSemaphore, semaphore, `semaphore ${n}`, {
          weight: 1 + (at % 3),
          priority: at % 4 === 0 ? 1 : 0,
          untilChange: at % 5 === 0,
          orGone: at % 7 === 0,
        }),
      ),
      ...crowd(3, (n, at) => {
        const values = namesOf(`value ${n}`, 12);
        const referee = refereeOf(`stream ${n}`, all);
        const project = workOf(stage, atSemaphore, referee, values);
        const operator = kit.throttleBySemaphore(semaphore, project, { ordered: at === 1 });
        return new Stream(stage, referee, values, operator, false);
      }),
      ...crowd(4, (n, at) => {
        const options = [{}, { limit: 4 }, { limit: 3, overflow: 'drop-oldest' }, { limit: 3, overflow: 'drop-newest' }] as const;
        const referee = refereeOf(`gate ${n}`, none, false);
        return new Stream(stage, referee, namesOf('value', 12), kit.gateByEvent(event, options[at]), false);
      }),
      ...crowd(2, (n) => {
        const values = namesOf(`edit ${n}`, 12);
        const referee = refereeOf(`latest ${n}`, latest);
        const operator = kit.exhaustMapLatest(workOf(stage, new Referee(), referee, values));
        return new Stream(stage, referee, values, operator, false);
      }),
      // Behind the semaphore there is the lock: who waits for it is inside of the semaphore.
      ...crowd(4, (n) =>
        worker(
          stage,
          atLock,
          `in both ${n}`,
          (source) => kit.withLock(semaphore)(kit.withLock(lock)(source)),
          () => 0,
        ),
      ),
      ...crowd(10, (n, at) => acquirer(stage, atBounded, bounded, `bounded ${n}`, { weight: 1 + (at % 2) })),
      ...crowd(20, (n, at) =>
        reader(stage, atReadWriteLock, readWriteLock, `reads ${n}`, {
          ...(at % 3 === 0 && { until: patience(stage, `reads ${n}`) }),
        }),
      ),
      ...crowd(10, (n, at) =>
        writer(stage, kit, atReadWriteLock, readWriteLock, `writes ${n}`, {
          ...(at % 2 === 0 && { until: patience(stage, `writes ${n}`) }),
        }),
      ),
      ...crowd(8, (n) =>
        worker(stage, atReadWriteLock, `reads at work ${n}`, kit.withLock(readWriteLock.read), () => readWriteLock.waiting),
      ),
      ...crowd(16, (n, at) => {
        // One door, or two, in either order.
        const wanted = doors.filter((_, door) => door !== at % 3).slice(at % 2);
        const keys = at % 5 === 0 ? wanted.reverse() : wanted;
        return acquirer(stage, atDoors.of(...keys), keysOf(locks, ...keys), `door ${n}`, { orGone: at % 7 === 0 });
      }),
      ...crowd(2, (n, at) => {
        const values = Array.from({ length: 12 }, (_, value) => `${doors[value % 2] ?? ''} of ${n}.${String(value)}`);
        const options = { locks, keep: at === 0 ? 'all' : 'latest' } as const;
        const { actor, referee } = streamByKey(stage, kit, atDoors, `by key ${n}`, values, options, false);
        streams.push(referee);
        return actor;
      }),
      ...crowd(16, (n) => waiter(stage, event.wait(), `event ${n}`)),
      ...crowd(16, (n) => waiter(stage, barrier.wait(), `barrier ${n}`)),
      ...crowd(3, (n) => {
        const referee = refereeOf(`step ${n}`, all, false);
        return new Stream(stage, referee, namesOf(`step ${n}`, 6), kit.meetAtBarrier(barrier), false);
      }),
      // One of the keys, since which of several states of one commit is told first is open.
      ...[locks.all(['y', 'x']), readWriteLock.read].map((side, at) => observer(stage, side, `observer of side ${String(at)}`)),
      ...[lock, semaphore, bounded, event, condition, barrier, readWriteLock, locks].flatMap((primitive, at) =>
        crowd(2, (n) => observer(stage, primitive, `observer ${String(at)}.${n}`)),
      ),
    ];
    notifier(stage, condition, 40);
    stage.step(
      'it is true',
      () => true,
      () => {
        isTrue = !isTrue;
      },
      6,
    );
    stage.step(
      'set()',
      () => true,
      () => {
        event.set();
      },
      10,
    );
    stage.step(
      'clear()',
      () => true,
      () => {
        event.clear();
      },
      10,
    );
    stage.step(
      'reset()',
      () => true,
      () => {
        barrier.reset();
      },
      3,
    );
    resizer(stage, bounded, [0, 1, 2, 3], 2);
    stage.step(
      'lock.cancelWaiters()',
      () => lock.waiting > 0,
      () => {
        lock.cancelWaiters();
      },
      2,
    );
    stage.step(
      'semaphore.cancelWaiters()',
      () => semaphore.waiting > 0,
      () => {
        semaphore.cancelWaiters();
      },
      2,
    );
    stage.step(
      'locks.cancelWaiters()',
      () => locks.waiting > 0,
      () => {
        locks.cancelWaiters();
      },
      2,
    );
    stage.step(
      'readWriteLock.cancelWaiters()',
      () => readWriteLock.waiting > 0,
      () => {
        readWriteLock.cancelWaiters();
      },
      2,
    );
    const places = [
      conditionScenery(condition, atLock, actors, []),
      semaphoreScenery(semaphore, () => 3, atSemaphore, actors),
      semaphoreScenery(bounded, () => bounded.bound, atBounded, actors),
      { ...keyedLockScenery(locks, doors, atDoors, actors, []), judge: () => atDoors.judgeInside() },
      readWriteLockScenery(readWriteLock, atReadWriteLock, actors),
    ];
    return {
      look: () => `${places.map((place) => place.look()).join(' ')} ${valueOf(event)} ${valueOf(barrier)}`,
      judge: () => places.map((place) => place.judge?.()).find(Boolean),
      // What keeps a value waiting, nobody knows.
      judgeAtRest: () => streams.map((referee) => referee.judgeAtRest(false)).find(Boolean),
      close: closeAll(actors),
      judgeAtTheEnd: () => places.map((place) => place.judgeAtTheEnd()).find(Boolean),
    };
  },
};

function namesOf(name: string, size: number): string[] {
  return Array.from({ length: size }, (_, n) => `${name} ${String(n)}`);
}
