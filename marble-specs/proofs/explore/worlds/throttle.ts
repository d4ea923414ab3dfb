import { acquirer, loggedCallback, Stream, projectToTasks } from '../actors.js';
import type { Kit, ThrottleOptionsLike } from '../kit.js';
import { Referee } from '../referee.js';
import type { Setup, Stage, World } from '../stage.js';
import { all, none, StreamReferee } from '../stream-referee.js';
import { semaphoreSetup } from './setups.js';

const values = ['1', '2', '3'];

function throttleWorld(name: string, units: number, options: ThrottleOptionsLike): World {
  return {
    name,
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const semaphore = kit.semaphore(units);
      const [referee, other] = [new Referee(), new Referee()];
      const stream = new StreamReferee(stage, 's', options.whenBusy === 'skip' ? none : all);
      const { weight, priority } = options;
      const operator = kit.throttleBySemaphore(semaphore, projectToTasks(stage, referee, stream, values), {
        ...options,
        ...(weight && { weight: loggedCallback(stage, stream, 'weight', weight) }),
        ...(priority && { priority: loggedCallback(stage, stream, 'priority', priority) }),
      });
      const actors = [new Stream(stage, stream, values, operator), acquirer(stage, other, semaphore, 'a')];
      return {
        ...semaphoreSetup(semaphore, () => undefined, referee, actors, ['s subscribes', 's emits 1', 's emits 2']),
        judge: () => (referee.held > units ? `${String(referee.held)} units are held` : undefined),
        judgeAtRest: () => stream.judgeAtRest(other.held === 0),
        judgeAtTheEnd: () => (semaphore.available !== units || semaphore.waiting > 0 ? 'a unit was lost' : undefined),
      };
    },
  };
}

export const throttleWorlds: readonly World[] = [
  throttleWorld('throttleBySemaphore: one at a time', 1, {}),
  throttleWorld('throttleBySemaphore: two at a time, in order', 2, { ordered: true }),
  throttleWorld('throttleBySemaphore: values are dropped while it is busy', 1, { whenBusy: 'skip' }),
  throttleWorld('throttleBySemaphore: the last value has the highest priority', 1, { priority: (value) => Number(value) }),
  throttleWorld('throttleBySemaphore: a heavy value among light ones', 2, { weight: (value) => (value === '2' ? 2 : 1) }),
];
