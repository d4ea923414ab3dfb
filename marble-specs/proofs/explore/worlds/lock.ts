import { acquirer, anyone, closer, observer, patience } from '../actors.js';
import type { Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { lockScenery } from './scenery.js';

export const lockWorlds: readonly World[] = [
  {
    name: 'Lock: some acquire it, one until its state changes, one who has gone already',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.lock();
      const referee = new Referee();
      const actors = [
        acquirer(stage, referee, lock, 'a'),
        acquirer(stage, referee, lock, 'b', { orGone: true }),
        acquirer(stage, referee, lock, 'c', { untilChange: true }),
        observer(stage, lock, 'd'),
      ];
      return lockScenery(lock, referee, actors);
    },
  },
  {
    name: 'Lock: two in line, of whom one can be stopped',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.lock();
      const referee = new Referee();
      const actors = [
        acquirer(stage, referee, lock, 'a'),
        acquirer(stage, referee, lock, 'b'),
        acquirer(stage, referee, lock, 'c', { until: patience(stage, 'c') }),
        observer(stage, lock, 'd'),
      ];
      return lockScenery(lock, referee, actors, ['a acquires', 'b acquires', 'c acquires', 'd observes']);
    },
  },
  {
    name: 'Lock: released and closed from outside, with room for one in line',
    steps: 5,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.lock({ maxWaiting: 1 });
      const referee = new Referee();
      const released = (): void => {
        referee.allExit();
      };
      const actors = [
        acquirer(stage, referee, lock, 'a'),
        acquirer(stage, referee, lock, 'b'),
        observer(stage, lock, 'd'),
        anyone(stage, lock, referee, released),
      ];
      closer(stage, lock);
      return lockScenery(lock, referee, actors, ['a acquires']);
    },
  },
];
