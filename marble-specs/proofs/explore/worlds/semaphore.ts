import { acquirer, anyone, closer, observer, resizer } from '../actors.js';
import type { Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { semaphoreScenery } from './scenery.js';

export const semaphoreWorlds: readonly World[] = [
  {
    name: 'Semaphore(2): a heavy one in line between light ones',
    steps: 5,
    build(stage: Stage, kit: Kit): Scenery {
      const semaphore = kit.semaphore(2);
      const referee = new Referee();
      const actors = [
        acquirer(stage, referee, semaphore, 'a'),
        acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
        acquirer(stage, referee, semaphore, 'c'),
        observer(stage, semaphore, 'd'),
      ];
      return semaphoreScenery(semaphore, () => 2, referee, actors, ['a acquires', 'b acquires', 'd observes']);
    },
  },
  {
    name: 'Semaphore(1): units are added from outside, and it is closed',
    steps: 5,
    build(stage: Stage, kit: Kit): Scenery {
      const semaphore = kit.semaphore(1);
      const referee = new Referee();
      let units = 1;
      const actors = [
        acquirer(stage, referee, semaphore, 'a'),
        acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
        acquirer(stage, referee, semaphore, 'c', { untilChange: true }),
        anyone(stage, semaphore, referee, () => units++),
      ];
      closer(stage, semaphore);
      return semaphoreScenery(semaphore, () => units, referee, actors, ['a acquires', 'b acquires']);
    },
  },
  {
    name: 'Semaphore(1): some go before others, and a heavy one that does not fit',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const semaphore = kit.semaphore(1);
      const referee = new Referee();
      const actors = [
        acquirer(stage, referee, semaphore, 'a'),
        acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
        acquirer(stage, referee, semaphore, 'c', { priority: 1 }),
        acquirer(stage, referee, semaphore, 'd', { priority: 1, untilChange: true }),
        acquirer(stage, referee, semaphore, 'e', { priority: 2 }),
      ];
      return semaphoreScenery(semaphore, () => 1, referee, actors, ['a acquires', 'b acquires']);
    },
  },
  {
    name: 'BoundedSemaphore(2): it becomes larger and smaller',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
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
      return semaphoreScenery(semaphore, () => semaphore.bound, referee, actors, ['a acquires', 'b acquires', 'e observes']);
    },
  },
  {
    name: 'BoundedSemaphore(1): it is paused and goes on, while a heavy one comes',
    steps: 5,
    build(stage: Stage, kit: Kit): Scenery {
      const semaphore = kit.boundedSemaphore(1);
      const referee = new Referee();
      const actors = [
        acquirer(stage, referee, semaphore, 'a'),
        acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
        acquirer(stage, referee, semaphore, 'c', { untilChange: true }),
      ];
      resizer(stage, semaphore, [0, 1, 2]);
      return semaphoreScenery(semaphore, () => semaphore.bound, referee, actors, ['a acquires', 'resize(0)']);
    },
  },
  {
    name: 'BoundedSemaphore(2): by permit and by primitive',
    steps: 5,
    build(stage: Stage, kit: Kit): Scenery {
      const semaphore = kit.boundedSemaphore(2);
      const referee = new Referee();
      // Who is released by the primitive is nobody in particular, so that its permit may be worth nothing.
      let units: number | undefined = 2;
      const actors = [
        acquirer(stage, referee, semaphore, 'a'),
        acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
        acquirer(stage, referee, semaphore, 'c', { weight: 3 }),
        observer(stage, semaphore, 'd'),
        anyone(stage, semaphore, referee, () => (units = undefined)),
      ];
      return semaphoreScenery(semaphore, () => units, referee, actors, ['a acquires']);
    },
  },
];
