/**
 * Plays random programs in a world that is too large to be explored: long programs, with many actors on several primitives,
 * and with steps inside the callbacks of other steps. The library and its model play the same program and must write the same
 * log; fast-check shortens a program that fails.
 */
import fc from 'fast-check';

import { library, model, type Kit } from './kit.js';
import { difference } from './log.js';
import { withReports } from './reports.js';
import { ThrownInCallback, Stage, type CallbackHandler, type Step, type World } from './stage.js';

export interface ProgramOptions {
  readonly seed: number;
  /** How many programs. */
  readonly runs: number;
}

/** Plays random programs in a world. Returns the log of the shortest program that fails. */
export function playPrograms(world: World, { seed, runs }: ProgramOptions): string | undefined {
  const pick = fc.nat(9999);
  const nestedStep = fc.record({ at: fc.nat(6), pick });
  const step = fc.record({ pick, nested: fc.array(nestedStep, { maxLength: 3 }) }).map((spec) => new ProgramStep(spec));
  const programs = fc.commands([step], { maxCommands: world.steps, size: 'max' });
  const property = fc.property(programs, (steps) => {
    withReports((surfaced) => {
      const [real, expected] = [library, model].map((kit) => new ProgramRun(world, kit, surfaced));
      if (real === undefined || expected === undefined) {
        throw new Error('there are two kits');
      }
      fc.modelRun(() => ({ model: expected, real }), steps);
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

/** A step inside a callback of another step: `at` is the number of the callback. */
interface NestedStep {
  readonly at: number;
  readonly pick: number;
}

/** One step, chosen among the steps that are possible at the time. */
class ProgramStep implements fc.Command<ProgramRun, ProgramRun> {
  private name = 'nothing';

  constructor(private readonly spec: { readonly pick: number; readonly nested: readonly NestedStep[] }) {}

  check(expected: Readonly<ProgramRun>): boolean {
    return expected.stage.possible().length > 0;
  }

  run(expected: ProgramRun, real: ProgramRun): void {
    this.name = expected.play(this.spec.pick, this.spec.nested);
    real.play(this.spec.pick, this.spec.nested);
    compare(expected, real);
  }

  toString(): string {
    return this.name;
  }
}

function compare(expected: ProgramRun, real: ProgramRun): void {
  const wrong = difference(real.stage.log, expected.stage.log);
  if (wrong !== undefined) {
    throw new Error(`the library differs from its model\n${wrong}`);
  }
}

/** A world on one kit, while a program runs. */
class ProgramRun implements CallbackHandler {
  readonly stage: Stage;
  private nested: readonly NestedStep[] = [];
  private callbacks = 0;

  constructor(world: World, kit: Kit, surfaced: () => readonly unknown[]) {
    this.stage = new Stage(this, surfaced);
    this.stage.open(world, kit);
  }

  /** Returns the name of the step. */
  play(pick: number, nested: readonly NestedStep[]): string {
    this.nested = nested;
    this.callbacks = 0;
    const step = this.choose(pick, 0);
    if (step !== undefined) {
      this.stage.take(step);
    }
    this.nested = [];
    return step?.name ?? 'nothing';
  }

  close(): void {
    this.stage.close();
  }

  during(stage: Stage, what: string): void {
    const at = this.callbacks++;
    for (const nestedStep of this.nested.filter((each) => each.at === at)) {
      const step = this.choose(nestedStep.pick, 1);
      if (step === undefined) {
        stage.log.push('throws');
        throw new ThrownInCallback(what);
      }
      stage.take(step);
    }
  }

  /** One of the possible steps, or none in `others` additional cases. */
  private choose(pick: number, others: number): Step | undefined {
    const possible = this.stage.possible();
    return possible[pick % (possible.length + others)];
  }
}
