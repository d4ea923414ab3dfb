import type { Run } from './contract';
import { Documents } from './documents';
import { Drafts } from './drafts';
import { Line } from './line';
import { Notes } from './notes';
import { Problem } from './problem';
import { Session } from './session';
import { ServerLog } from './server-log';
import { Work } from './uploads';

const maxRuns = 200;

/** One run of a page, separate from all others. */
export class RunState {
  readonly log = new ServerLog(() => performance.now());
  readonly documents = new Documents();
  readonly drafts = new Drafts(() => performance.now());
  readonly line = new Line();
  readonly notes = new Notes();
  readonly session = new Session();
  readonly work = new Work();

  constructor(readonly seed: number) {}
}

/** The latest runs. Older runs are deleted, so that the memory of a long-running server does not grow. */
export class Runs {
  // a Map iterates in insertion order, so its first key is the oldest run
  private readonly byId = new Map<string, RunState>();

  begin(seed: number): Run {
    const id = crypto.randomUUID();
    this.byId.set(id, new RunState(seed));
    for (const oldest of this.byId.keys()) {
      if (this.byId.size <= maxRuns) break;
      this.byId.delete(oldest);
    }
    return { id, seed };
  }

  get(id: string): RunState {
    const found = this.byId.get(id);
    if (!found) throw new Problem(404, `there is no run ${id}: POST /api/runs begins one`);
    return found;
  }
}
