import { acquirer, outsider, closer, observer, resizer } from '../actors.js';
import type { Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Setup, Stage, World } from '../stage.js';
import { semaphoreSetup } from './setups.js';

export const semaphoreWorlds: readonly World[] = [
  {
    name: 'Semaphore(2): a heavy waiter between light ones',
    steps: 5,
    build(stage: Stage, kit: Kit): Setup {
      const semaphore = kit.semaphore(2);
      const referee = new Referee();
      const actors = [
        acquirer(stage, referee, semaphore, 'a'),
        acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
        acquirer(stage, referee, semaphore, 'c'),
        observer(stage, semaphore, 'd'),
      ];
      return semaphoreSetup(semaphore, () => 2, referee, actors, ['a acquires', 'b acquires', 'd observes']);
    },
  },
  {
    name: 'Semaphore(1): units are added, and it is closed',
    steps: 5,
    build(stage: Stage, kit: Kit): Setup {
      const semaphore = kit.semaphore(1);
      const referee = new Referee();
      let units = 1;
      const actors = [
        acquirer(stage, referee, semaphore, 'a'),
        acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
        acquirer(stage, referee, semaphore, 'c', { untilChange: true }),
        outsider(stage, semaphore, referee, () => units++),
      ];
      closer(stage, semaphore);
      return semaphoreSetup(semaphore, () => units, referee, actors, ['a acquires', 'b acquires']);
    },
  },
  {
    name: 'Semaphore(1): priorities, and a heavy waiter that does not fit',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const semaphore = kit.semaphore(1);
      const referee = new Referee();
      const actors = [
        acquirer(stage, referee, semaphore, 'a'),
        acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
        acquirer(stage, referee, semaphore, 'c', { priority: 1 }),
        acquirer(stage, referee, semaphore, 'd', { priority: 1, untilChange: true }),
        acquirer(stage, referee, semaphore, 'e', { priority: 2 }),
      ];
      return semaphoreSetup(semaphore, () => 1, referee, actors, ['a acquires', 'b acquires']);
    },
  },
  {
    name: 'BoundedSemaphore(2): resized',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const semaphore = kit.boundedSemaphore(2);
      const referee = new Referee();
      const actors = [
        acquirer(stage, referee, semaphore, 'a'),
        acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
        acquirer(stage, referee, semaphore, 'c', { untilChange: true }),
        acquirer(stage, referee, semaphore, 'd', { weight: 2, priority: 1 }),
        observer(stage, semaphore, 'e'),
      ];
      resizer(stage, semaphore, [0, 1, 3]);
      return semaphoreSetup(semaphore, () => semaphore.bound, referee, actors, ['a acquires', 'b acquires', 'e observes']);
    },
  },
  {
    name: 'BoundedSemaphore(1): paused and resumed, with a heavy waiter',
    steps: 5,
    build(stage: Stage, kit: Kit): Setup {
      const semaphore = kit.boundedSemaphore(1);
      const referee = new Referee();
      const actors = [
        acquirer(stage, referee, semaphore, 'a'),
        acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
        acquirer(stage, referee, semaphore, 'c', { untilChange: true }),
      ];
      resizer(stage, semaphore, [0, 1, 2]);
      return semaphoreSetup(semaphore, () => semaphore.bound, referee, actors, ['a acquires', 'resize(0)']);
    },
  },
  {
    name: 'BoundedSemaphore(2): released by permit and through the semaphore',
    steps: 5,
    build(stage: Stage, kit: Kit): Setup {
      const semaphore = kit.boundedSemaphore(2);
      const referee = new Referee();
      // A release through the semaphore takes the units of an unknown holder, so the total is unknown from then on.
      let units: number | undefined = 2;
      const actors = [
        acquirer(stage, referee, semaphore, 'a'),
        acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
        acquirer(stage, referee, semaphore, 'c', { weight: 3 }),
        observer(stage, semaphore, 'd'),
        outsider(stage, semaphore, referee, () => (units = undefined)),
      ];
      return semaphoreSetup(semaphore, () => units, referee, actors, ['a acquires']);
    },
  },
];
