import type { Run } from './contract';
import { Documents } from './documents';
import { Drafts } from './drafts';
import { Line } from './line';
import { Notes } from './notes';
import { Problem } from './problem';
import { Rotation } from './rotation';
import { Session } from './session';
import { ServerLog } from './server-log';
import { Terms } from './steps';
import { Work } from './uploads';

const maxRuns = 200;

/** One run of a page, separate from all others. */
export class RunState {
  readonly log = new ServerLog(() => performance.now());
  readonly documents = new Documents();
  readonly drafts = new Drafts(() => performance.now());
  readonly line = new Line();
  readonly notes = new Notes();
  readonly rotation = new Rotation();
  readonly session = new Session();
  readonly terms = new Terms(() => performance.now());
  readonly work = new Work();

  constructor(readonly seed: number) {}
}

/** The latest runs. Older runs are deleted, so that the memory of a long-running server does not grow. */
export class Runs {
  // a Map iterates in insertion order, so its first key is the oldest run
  private readonly byId = new Map<string, RunState>();

  begin(seed: number): Run {
    return this.add(crypto.randomUUID(), seed);
  }

  /** The run with a name that its pages have chosen. The first page begins it. */
  join(id: string): Run {
    const { seed } = this.byId.get(id) ?? this.add(id, 1);
    return { id, seed };
  }

  get(id: string): RunState {
    const found = this.byId.get(id);
    if (!found) throw new Problem(404, `there is no run ${id}: POST /api/runs begins one`);
    return found;
  }

  private add(id: string, seed: number): Run {
    this.byId.set(id, new RunState(seed));
    for (const oldest of this.byId.keys()) {
      if (this.byId.size <= maxRuns) break;
      this.byId.delete(oldest);
    }
    return { id, seed };
  }
}
