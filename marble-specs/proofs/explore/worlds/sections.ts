import { acquirer, closer, observer, patience, worker } from '../actors.js';
import type { Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { lockScenery } from './scenery.js';

export const withLockWorlds: readonly World[] = [
  {
    name: 'withLock: two works, and one who acquires by hand',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.lock();
      const referee = new Referee();
      const waiting = (): number => lock.waiting;
      const actors = [
        worker(stage, referee, 'a', kit.withLock(lock), waiting),
        worker(stage, referee, 'b', kit.withLock(lock), waiting),
        acquirer(stage, referee, lock, 'c'),
        observer(stage, lock, 'd'),
      ];
      return lockScenery(lock, referee, actors, ['a comes', 'd observes']);
    },
  },
  {
    name: 'withLock: two in line, of whom one has little patience, while the lock is closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.lock();
      const referee = new Referee();
      const waiting = (): number => lock.waiting;
      const actors = [
        worker(stage, referee, 'a', kit.withLock(lock), waiting),
        worker(stage, referee, 'b', kit.withLock(lock, { until: patience(stage, 'b', referee) }), waiting),
        worker(stage, referee, 'c', kit.withLock(lock), waiting),
      ];
      closer(stage, lock, referee);
      stage.step(
        'release()',
        () => true,
        () => {
          referee.allExit();
          lock.release();
        },
      );
      return lockScenery(lock, referee, actors, ['a comes', 'b comes', 'c comes']);
    },
  },
  {
    name: 'withLock: those who do not wait where it is busy',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.lock();
      const referee = new Referee();
      const waiting = (): number => lock.waiting;
      const actors = [
        worker(stage, referee, 'a', kit.withLock(lock, { whenBusy: 'skip' }), waiting),
        worker(stage, referee, 'b', kit.withLock(lock, { whenBusy: 'error' }), waiting),
        worker(stage, referee, 'c', kit.withLock(lock), waiting),
        observer(stage, lock, 'd'),
      ];
      return lockScenery(lock, referee, actors);
    },
  },
  {
    name: 'withLock: one work inside of two locks, and others who want one of them',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const outer = kit.lock();
      const inner = kit.lock();
      const referee = new Referee();
      const waiting = (): number => outer.waiting;
      const actors = [
        worker(stage, referee, 'a', (source) => kit.withLock(outer)(kit.withLock(inner)(source)), waiting),
        worker(stage, new Referee(), 'b', kit.withLock(inner), () => inner.waiting),
        acquirer(stage, new Referee(), outer, 'c'),
        observer(stage, inner, 'd'),
      ];
      const [one, other] = [outer, inner].map((lock) => lockScenery(lock, new Referee(), actors, ['b comes', 'a comes']));
      return {
        prelude: ['b comes', 'a comes'],
        look: () => `${String(one?.look())} ${String(other?.look())}`,
        close: () => {
          one?.close();
        },
        judgeAtTheEnd: () => one?.judgeAtTheEnd() ?? other?.judgeAtTheEnd(),
      };
    },
  },
];
