import { acquirer, Stream, workOf } from '../actors.js';
import type { Kit, ThrottleOptionsLike } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { semaphoreScenery } from './scenery.js';

const values = ['1', '2', '3'];

function throttleWorld(name: string, units: number, options: ThrottleOptionsLike): World {
  return {
    name,
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const semaphore = kit.semaphore(units);
      const referee = new Referee();
      const actors = [
        new Stream(stage, 's', values, kit.throttleBySemaphore(semaphore, workOf(stage, referee, 's', values), options)),
        acquirer(stage, new Referee(), semaphore, 'a'),
      ];
      return {
        ...semaphoreScenery(semaphore, () => undefined, referee, actors, ['s comes', 's emits 1', 's emits 2']),
        judge: () => (referee.held > units ? `${String(referee.held)} are inside` : undefined),
        judgeAtRest: () => undefined, // a value that waits says nothing
        judgeAtTheEnd: () => (semaphore.available !== units || semaphore.waiting > 0 ? 'a unit was lost' : undefined),
      };
    },
  };
}

export const throttleWorlds: readonly World[] = [
  throttleWorld('throttleBySemaphore: one at a time', 1, {}),
  throttleWorld('throttleBySemaphore: two at a time, in order', 2, { ordered: true }),
  throttleWorld('throttleBySemaphore: values that find it busy are dropped', 1, { whenBusy: 'skip' }),
  throttleWorld('throttleBySemaphore: the last value goes first', 1, { priority: (value) => Number(value) }),
  throttleWorld('throttleBySemaphore: a heavy value among light ones', 2, { weight: (value) => (value === '2' ? 2 : 1) }),
];
