import { acquirer, closer, observer, timeLimit, taskRunner } from '../actors.js';
import type { Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Setup, Stage, World } from '../stage.js';
import { lockSetup } from './setups.js';

export const withLockWorlds: readonly World[] = [
  {
    name: 'withLock: two sections, and a waiter for a permit',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const lock = kit.lock();
      const referee = new Referee();
      const waiting = (): number => lock.waiting;
      const actors = [
        taskRunner(stage, referee, 'a', kit.withLock(lock), waiting),
        taskRunner(stage, referee, 'b', kit.withLock(lock), waiting),
        acquirer(stage, referee, lock, 'c'),
        observer(stage, lock, 'd'),
      ];
      return lockSetup(lock, referee, actors, ['a subscribes', 'd observes']);
    },
  },
  {
    name: 'withLock: two waiters, one of which times out, while the lock is closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const lock = kit.lock();
      const referee = new Referee();
      const waiting = (): number => lock.waiting;
      const actors = [
        taskRunner(stage, referee, 'a', kit.withLock(lock), waiting),
        taskRunner(stage, referee, 'b', kit.withLock(lock, { until: timeLimit(stage, 'b', referee) }), waiting),
        taskRunner(stage, referee, 'c', kit.withLock(lock), waiting),
      ];
      closer(stage, lock, referee);
      stage.step(
        'release()',
        () => true,
        () => {
          referee.allReleased();
          lock.release();
        },
      );
      return lockSetup(lock, referee, actors, ['a subscribes', 'b subscribes', 'c subscribes']);
    },
  },
  {
    name: 'withLock: sections that do not wait when it is busy',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const lock = kit.lock();
      const referee = new Referee();
      const waiting = (): number => lock.waiting;
      const actors = [
        taskRunner(stage, referee, 'a', kit.withLock(lock, { whenBusy: 'skip' }), waiting),
        taskRunner(stage, referee, 'b', kit.withLock(lock, { whenBusy: 'error' }), waiting),
        taskRunner(stage, referee, 'c', kit.withLock(lock), waiting),
        observer(stage, lock, 'd'),
      ];
      return lockSetup(lock, referee, actors);
    },
  },
  {
    name: 'withLock: a section inside two locks, and waiters for one of them',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const outer = kit.lock();
      const inner = kit.lock();
      const referee = new Referee();
      const waiting = (): number => outer.waiting;
      const actors = [
        taskRunner(stage, referee, 'a', (source) => kit.withLock(outer)(kit.withLock(inner)(source)), waiting),
        taskRunner(stage, new Referee(), 'b', kit.withLock(inner), () => inner.waiting),
        acquirer(stage, new Referee(), outer, 'c'),
        observer(stage, inner, 'd'),
      ];
      const [outerSetup, innerSetup] = [outer, inner].map((lock) =>
        lockSetup(lock, new Referee(), actors, ['b subscribes', 'a subscribes']),
      );
      return {
        prelude: ['b subscribes', 'a subscribes'],
        look: () => `${String(outerSetup?.look())} ${String(innerSetup?.look())}`,
        close: () => {
          outerSetup?.close();
        },
        judgeAtTheEnd: () => outerSetup?.judgeAtTheEnd() ?? innerSetup?.judgeAtTheEnd(),
      };
    },
  },
];
