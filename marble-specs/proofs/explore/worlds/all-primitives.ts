import { acquirer, observer, timeLimit, resizer, Stream, waiter, taskRunner, projectToTasks, type Actor } from '../actors.js';
import type { Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Setup, Stage, World } from '../stage.js';
import { all, latest, none, StreamReferee, type Due } from '../stream-referee.js';
import { streamByKey } from './concat-map-by-key.js';
import { conditionSetup, notifier, conditionWaiter } from './condition.js';
import { KeyReferees, keyedLockSetup, keysOf } from './keyed-lock.js';
import { reader, readWriteLockSetup, writer } from './read-write-lock.js';
import { closeAll, semaphoreSetup, valueOf } from './setups.js';

/** Many actors on all primitives at once, for random programs of hundreds of steps. It is too large to be explored. */
export const allPrimitives: World = {
  name: 'all primitives',
  steps: 600,
  build(stage: Stage, kit: Kit): Setup {
    const [lock, semaphore, bounded, event] = [kit.lock(), kit.semaphore(3), kit.boundedSemaphore(2), kit.event()];
    const [condition, barrier, readWriteLock] = [kit.condition(lock), kit.barrier(4), kit.readWriteLock()];
    const [atLock, atSemaphore, atBounded, atReadWriteLock] = [new Referee(), new Referee(), new Referee(), new Referee()];
    const keys = ['x', 'y', 'z'];
    const [locks, atKeys] = [kit.keyedLock(), new KeyReferees(keys)];
    let isTrue = false;
    const streams: StreamReferee[] = [];
    const refereeOf = (name: string, due: Due, hasTasks = true): StreamReferee => {
      const referee = new StreamReferee(stage, name, due, hasTasks);
      streams.push(referee);
      return referee;
    };
    const several = (size: number, make: (name: string, n: number) => Actor): Actor[] =>
      Array.from({ length: size }, (_, n) => make(String(n), n));
    const actors = [
      ...several(16, (n, at) =>
        acquirer(stage, atLock, lock, `lock ${n}`, at % 2 === 0 ? {} : { until: timeLimit(stage, `lock ${n}`) }),
      ),
      ...several(12, (n) => taskRunner(stage, atLock, `section ${n}`, kit.withLock(lock), () => lock.waiting)),
      ...several(16, (n, at) =>
        conditionWaiter(stage, kit, condition, atLock, `condition ${n}`, {
          until: timeLimit(stage, `condition ${n}`),
          ...(at % 2 === 0 && { predicate: () => isTrue }),
        }),
      ),
      ...several(20, (n, at) =>
        acquirer(stage, atSemaphore, semaphore, `semaphore ${n}`, {
          weight: 1 + (at % 3),
          priority: at % 4 === 0 ? 1 : 0,
          untilChange: at % 5 === 0,
          orUnsubscribed: at % 7 === 0,
        }),
      ),
      ...several(3, (n, at) => {
        const values = namesOf(`value ${n}`, 12);
        const referee = refereeOf(`stream ${n}`, all);
        const project = projectToTasks(stage, atSemaphore, referee, values);
        const operator = kit.throttleBySemaphore(semaphore, project, { ordered: at === 1 });
        return new Stream(stage, referee, values, operator, false);
      }),
      ...several(4, (n, at) => {
        const options = [{}, { limit: 4 }, { limit: 3, overflow: 'drop-oldest' }, { limit: 3, overflow: 'drop-newest' }] as const;
        const referee = refereeOf(`gate ${n}`, none, false);
        return new Stream(stage, referee, namesOf('value', 12), kit.gateByEvent(event, options[at]), false);
      }),
      ...several(2, (n) => {
        const values = namesOf(`edit ${n}`, 12);
        const referee = refereeOf(`latest ${n}`, latest);
        const operator = kit.exhaustMapLatest(projectToTasks(stage, new Referee(), referee, values));
        return new Stream(stage, referee, values, operator, false);
      }),
      // While they wait for the lock, they hold the semaphore.
      ...several(4, (n) =>
        taskRunner(
          stage,
          atLock,
          `nested section ${n}`,
          (source) => kit.withLock(semaphore)(kit.withLock(lock)(source)),
          () => 0,
        ),
      ),
      ...several(10, (n, at) => acquirer(stage, atBounded, bounded, `bounded ${n}`, { weight: 1 + (at % 2) })),
      ...several(20, (n, at) =>
        reader(stage, atReadWriteLock, readWriteLock, `reads ${n}`, {
          ...(at % 3 === 0 && { until: timeLimit(stage, `reads ${n}`) }),
        }),
      ),
      ...several(10, (n, at) =>
        writer(stage, kit, atReadWriteLock, readWriteLock, `writes ${n}`, {
          ...(at % 2 === 0 && { until: timeLimit(stage, `writes ${n}`) }),
        }),
      ),
      ...several(8, (n) =>
        taskRunner(
          stage,
          atReadWriteLock,
          `reads reading section ${n}`,
          kit.withLock(readWriteLock.read),
          () => readWriteLock.waiting,
        ),
      ),
      ...several(16, (n, at) => {
        // One key, or two, in either order.
        const wanted = keys.filter((_, key) => key !== at % 3).slice(at % 2);
        const ordered = at % 5 === 0 ? wanted.reverse() : wanted;
        return acquirer(stage, atKeys.of(...ordered), keysOf(locks, ...ordered), `key ${n}`, { orUnsubscribed: at % 7 === 0 });
      }),
      ...several(2, (n, at) => {
        const values = Array.from({ length: 12 }, (_, value) => `${keys[value % 2] ?? ''} of ${n}.${String(value)}`);
        const options = { locks, keep: at === 0 ? 'all' : 'latest' } as const;
        const { actor, referee } = streamByKey(stage, kit, atKeys, `by key ${n}`, values, options, false);
        streams.push(referee);
        return actor;
      }),
      ...several(16, (n) => waiter(stage, event.wait(), `event ${n}`)),
      ...several(16, (n) => waiter(stage, barrier.wait(), `barrier ${n}`)),
      ...several(3, (n) => {
        const referee = refereeOf(`step ${n}`, all, false);
        return new Stream(stage, referee, namesOf(`step ${n}`, 6), kit.meetAtBarrier(barrier), false);
      }),
      // One set of keys only, since the order of several states of one commit is not specified.
      ...[locks.all(['y', 'x']), readWriteLock.read].map((side, at) => observer(stage, side, `observer of side ${String(at)}`)),
      ...[lock, semaphore, bounded, event, condition, barrier, readWriteLock, locks].flatMap((primitive, at) =>
        several(2, (n) => observer(stage, primitive, `observer ${String(at)}.${n}`)),
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
    const setups = [
      conditionSetup(condition, atLock, actors, []),
      semaphoreSetup(semaphore, () => 3, atSemaphore, actors),
      semaphoreSetup(bounded, () => bounded.bound, atBounded, actors),
      { ...keyedLockSetup(locks, keys, atKeys, actors, []), judge: () => atKeys.judgeHolders() },
      readWriteLockSetup(readWriteLock, atReadWriteLock, actors),
    ];
    return {
      look: () => `${setups.map((setup) => setup.look()).join(' ')} ${valueOf(event)} ${valueOf(barrier)}`,
      judge: () => setups.map((setup) => setup.judge?.()).find(Boolean),
      // The values of all streams wait for each other, so `isFree` is unknown.
      judgeAtRest: () => streams.map((referee) => referee.judgeAtRest(false)).find(Boolean),
      close: closeAll(actors),
      judgeAtTheEnd: () => setups.map((setup) => setup.judgeAtTheEnd()).find(Boolean),
    };
  },
};

function namesOf(name: string, size: number): string[] {
  return Array.from({ length: size }, (_, n) => `${name} ${String(n)}`);
}
