/** The code of one thread of `npm run explore`: it does one job. */
import { parentPort, workerData } from 'node:worker_threads';

import { explore, exploreLength, type Exploration } from '../explore.js';
import { library, model, traced, type Kit } from '../kit.js';
import type { World } from '../stage.js';
import { worlds } from '../worlds/index.js';

export type Job =
  /** Explore one world. */
  | { readonly world: number; readonly steps: number }
  /**
   * Search for the shortest script that fails, with all primitives traced: first in the worlds with `first` in their names,
   * and then in all worlds. Without the model, only the referees judge, and only in the worlds of `first` if there are any.
   */
  | { readonly maxSteps: number; readonly first: string; readonly withModel: boolean };

function search(maxSteps: number, searched: readonly World[], expected: Kit): Exploration {
  let scripts = 0;
  for (let length = 1; length <= maxSteps; length++) {
    for (const world of searched) {
      const explored = exploreLength(world, length, traced, expected);
      scripts += explored.scripts;
      if (explored.failure !== undefined) {
        return { scripts, failure: explored.failure };
      }
    }
  }
  return { scripts, failure: undefined };
}

function run(job: Job): Exploration {
  if ('maxSteps' in job) {
    const { maxSteps, withModel } = job;
    const chosen = worlds.filter(({ name }) => job.first !== '' && name.includes(job.first));
    const first = search(maxSteps, chosen, withModel ? model : library);
    if (first.failure !== undefined || (chosen.length > 0 && !withModel)) {
      return first;
    }
    const { scripts, failure } = withModel ? search(maxSteps, worlds, model) : search(2, worlds, library);
    return { scripts: first.scripts + scripts, failure };
  }
  const world = worlds[job.world];
  if (world === undefined) {
    throw new RangeError(`there is no world ${String(job.world)}`);
  }
  return explore(world, job.steps);
}

parentPort?.postMessage(run(workerData as Job));
