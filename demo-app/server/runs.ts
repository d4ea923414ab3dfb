import { randomInt } from 'node:crypto';

import type { Run } from '../api';
import { Documents } from './documents';
import { DownloadTally } from './download-tally';
import { HttpProblem } from './http-problem';

const maxRuns = 200;

/** The documents and downloads of one run of a page, separate from those of all other runs. */
export class RunState {
  readonly documents: Documents;
  readonly downloads = new DownloadTally();

  constructor(readonly seed: number) {
    this.documents = new Documents(seed);
  }
}

/** The latest runs. Older runs are deleted, so that the memory of a long-running server does not grow. */
export class Runs {
  // a Map iterates in insertion order, so its first key is the oldest run
  private readonly byId = new Map<string, RunState>();
  private count = 0;

  begin(seed = randomInt(2 ** 32)): Run {
    this.count += 1;
    const id = `run-${String(this.count)}-${seed.toString(16)}`;
    this.byId.set(id, new RunState(seed));
    if (this.byId.size > maxRuns) {
      for (const oldest of this.byId.keys()) {
        this.byId.delete(oldest);
        break;
      }
    }
    return { id, seed };
  }

  get(id: string): RunState {
    const found = this.byId.get(id);
    if (!found) throw new HttpProblem(404, `there is no run ${id}: POST /api/runs begins one`);
    return found;
  }

  /** Deletes the documents and counts of a run, and keeps its seed. */
  reset(id: string): void {
    this.byId.set(id, new RunState(this.get(id).seed));
  }
}
