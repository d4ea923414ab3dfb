/**
 * Random programs: what is too large to be explored. Long ones, of many actors on several primitives, each step with
 * others in the middle of what is heard because of it. The library and its model play the same program and must write
 * the same log; fast-check makes a failing one short.
 */
import fc from 'fast-check';

import { library, model, type Kit } from './kit.js';
import { difference } from './log.js';
import { withReports } from './reports.js';
import { Boom, Stage, type Director, type Step, type World } from './stage.js';

export interface ProgramOptions {
  readonly seed: number;
  /** How many programs. */
  readonly runs: number;
}

/** Plays random programs in a world; says what is wrong with the shortest that fails. */
export function playPrograms(world: World, { seed, runs }: ProgramOptions): string | undefined {
  const pick = fc.nat(9999);
  const cue = fc.record({ at: fc.nat(6), pick });
  const act = fc.record({ pick, cues: fc.array(cue, { maxLength: 3 }) }).map((spec) => new Act(spec));
  const programs = fc.commands([act], { maxCommands: world.steps, size: 'max' });
  const property = fc.property(programs, (acts) => {
    withReports((surfaced) => {
      const [real, expected] = [library, model].map((kit) => new Performance(world, kit, surfaced));
      if (real === undefined || expected === undefined) {
        throw new Error('there are two kits');
      }
      fc.modelRun(() => ({ model: expected, real }), acts);
      expected.close();
      real.close();
      compare(expected, real);
    });
  });
  const details = fc.check(property, { seed, numRuns: runs });
  for (const kit of [library, model]) {
    kit.captureContext(undefined);
  }
  return details.failed ? `${fc.defaultReportMessage(details) ?? ''}\n${String(details.errorInstance)}` : undefined;
}

/** In the middle of an act: at which of the callbacks that run, and what is done there. */
interface Cue {
  readonly at: number;
  readonly pick: number;
}

/** One step, chosen among those that are possible when it comes to it. */
class Act implements fc.Command<Performance, Performance> {
  private name = 'nothing';

  constructor(private readonly spec: { readonly pick: number; readonly cues: readonly Cue[] }) {}

  check(expected: Readonly<Performance>): boolean {
    return expected.stage.possible().length > 0;
  }

  run(expected: Performance, real: Performance): void {
    this.name = expected.play(this.spec.pick, this.spec.cues);
    real.play(this.spec.pick, this.spec.cues);
    compare(expected, real);
  }

  toString(): string {
    return this.name;
  }
}

function compare(expected: Performance, real: Performance): void {
  const wrong = difference(real.stage.log, expected.stage.log);
  if (wrong !== undefined) {
    throw new Error(`the library does not do what its model does\n${wrong}`);
  }
}

/** A world on one kit, while a program is played. */
class Performance implements Director {
  readonly stage: Stage;
  private cues: readonly Cue[] = [];
  private callbacks = 0;

  constructor(world: World, kit: Kit, surfaced: () => readonly unknown[]) {
    this.stage = new Stage(this, surfaced);
    this.stage.open(world, kit);
  }

  /** Returns the name of the step. */
  play(pick: number, cues: readonly Cue[]): string {
    this.cues = cues;
    this.callbacks = 0;
    const step = this.choose(pick, 0);
    if (step !== undefined) {
      this.stage.take(step);
    }
    this.cues = [];
    return step?.name ?? 'nothing';
  }

  close(): void {
    this.stage.close();
  }

  during(stage: Stage, what: string): void {
    const at = this.callbacks++;
    for (const cue of this.cues.filter((each) => each.at === at)) {
      const step = this.choose(cue.pick, 1);
      if (step === undefined) {
        stage.log.push('throws');
        throw new Boom(what);
      }
      stage.take(step);
    }
  }

  /** One of the possible steps, or none in `others` more of the cases. */
  private choose(pick: number, others: number): Step | undefined {
    const possible = this.stage.possible();
    return possible[pick % (possible.length + others)];
  }
}
