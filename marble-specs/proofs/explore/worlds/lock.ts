import { acquirer, outsider, closer, observer, timeLimit } from '../actors.js';
import type { Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Setup, Stage, World } from '../stage.js';
import { lockSetup } from './setups.js';

export const lockWorlds: readonly World[] = [
  {
    name: 'Lock: three waiters, one of which unsubscribes when the state changes, one that is closed before',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const lock = kit.lock();
      const referee = new Referee();
      const actors = [
        acquirer(stage, referee, lock, 'a'),
        acquirer(stage, referee, lock, 'b', { orUnsubscribed: true }),
        acquirer(stage, referee, lock, 'c', { untilChange: true }),
        observer(stage, lock, 'd'),
      ];
      return lockSetup(lock, referee, actors);
    },
  },
  {
    name: 'Lock: two waiters, one with takeUntil',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const lock = kit.lock();
      const referee = new Referee();
      const actors = [
        acquirer(stage, referee, lock, 'a'),
        acquirer(stage, referee, lock, 'b'),
        acquirer(stage, referee, lock, 'c', { until: timeLimit(stage, 'c') }),
        observer(stage, lock, 'd'),
      ];
      return lockSetup(lock, referee, actors, ['a acquires', 'b acquires', 'c acquires', 'd observes']);
    },
  },
  {
    name: 'Lock: released through the lock and closed, with room for one waiter',
    steps: 5,
    build(stage: Stage, kit: Kit): Setup {
      const lock = kit.lock({ maxWaiting: 1 });
      const referee = new Referee();
      const released = (): void => {
        referee.allReleased();
      };
      const actors = [
        acquirer(stage, referee, lock, 'a'),
        acquirer(stage, referee, lock, 'b'),
        observer(stage, lock, 'd'),
        outsider(stage, lock, referee, released),
      ];
      closer(stage, lock);
      return lockSetup(lock, referee, actors, ['a acquires']);
    },
  },
];
