/** What one thread of `npm run explore` does: explores the worlds that it is asked for. */
import { parentPort, workerData } from 'node:worker_threads';

import { explore, exploreLength, type Exploration } from '../explore.js';
import { library, model, traced, type Kit } from '../kit.js';
import type { World } from '../stage.js';
import { worlds } from '../worlds/index.js';

export type Task =
  /** Explores one world. */
  | { readonly world: number; readonly steps: number }
  /**
   * Looks for the shortest script that shows that something is wrong, also with what is traced: in the worlds whose names
   * have `first` in them, and then in all. Without the model, the referees judge alone, in the worlds of `first` if there
   * are any.
   */
  | { readonly hunt: number; readonly first: string; readonly withModel: boolean };

function hunt(most: number, hunted: readonly World[], expected: Kit): Exploration {
  let schedules = 0;
  for (let length = 1; length <= most; length++) {
    for (const world of hunted) {
      const explored = exploreLength(world, length, traced, expected);
      schedules += explored.schedules;
      if (explored.failure !== undefined) {
        return { schedules, failure: explored.failure };
      }
    }
  }
  return { schedules, failure: undefined };
}

function run(task: Task): Exploration {
  if ('hunt' in task) {
    const { hunt: most, withModel } = task;
    const chosen = worlds.filter(({ name }) => task.first !== '' && name.includes(task.first));
    const first = hunt(most, chosen, withModel ? model : library);
    if (first.failure !== undefined || (chosen.length > 0 && !withModel)) {
      return first;
    }
    const { schedules, failure } = withModel ? hunt(most, worlds, model) : hunt(2, worlds, library);
    return { schedules: first.schedules + schedules, failure };
  }
  const world = worlds[task.world];
  if (world === undefined) {
    throw new RangeError(`there is no world ${String(task.world)}`);
  }
  return explore(world, task.steps);
}

parentPort?.postMessage(run(workerData as Task));
