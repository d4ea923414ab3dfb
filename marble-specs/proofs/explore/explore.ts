/**
 * Plays every interleaving of a small world: all orders of its steps, with each step also taken inside every callback that
 * runs. Scripts of one step come first, then scripts of two steps, and so on, so the first failure is the shortest.
 *
 * Each script runs on the library and then on the model, and both must write the same log: all callbacks in their order, and
 * what an observer can read after each step. A referee also judges the run from what the actors report.
 *
 * Tokio's loom and Kotlin's Lincheck do the same for the interleavings of threads.
 */
import { Choices } from './choices.js';
import { library, model, type Kit } from './kit.js';
import { difference } from './log.js';
import { withReports } from './reports.js';
import { ThrownInCallback, Stage, type CallbackHandler, type World } from './stage.js';

export interface Exploration {
  /** How many scripts were played. */
  readonly scripts: number;
  /** The log of the first script that fails. */
  readonly failure: string | undefined;
}

/** Plays all scripts of 1 to `steps` steps, until one fails. */
export function explore(world: World, steps: number, real: Kit = library): Exploration {
  let scripts = 0;
  for (let length = 1; length <= steps; length++) {
    const explored = exploreLength(world, length, real);
    scripts += explored.scripts;
    if (explored.failure !== undefined) {
      return { scripts, failure: explored.failure };
    }
  }
  return { scripts, failure: undefined };
}

/**
 * Plays all scripts of `length` steps, until one fails.
 *
 * @param expected - the kit whose log is right. If it is the library itself, only the referees judge.
 */
export function exploreLength(world: World, length: number, real: Kit = library, expected: Kit = model): Exploration {
  return withReports((surfaced) => {
    let scripts = 0;
    const choices = new Choices();
    do {
      const played = play(world, real, choices, length, surfaced);
      choices.replay();
      const { log } = play(world, expected, choices, length, surfaced);
      const wrong = difference(played.log, log) ?? (choices.isAstray ? 'the model runs other callbacks' : undefined);
      if (wrong !== undefined) {
        return { scripts, failure: `${world.name}: a script of ${String(length)} steps\n${wrong}` };
      }
      scripts += played.isWhole ? 1 : 0;
    } while (choices.next());
    return { scripts, failure: undefined };
  });
}

interface Played {
  readonly log: readonly string[];
  /** Whether a step was possible each time: otherwise the script was counted among the shorter ones. */
  readonly isWhole: boolean;
}

function play(world: World, kit: Kit, choices: Choices, length: number, surfaced: () => readonly unknown[]): Played {
  const script = new Script(choices);
  const stage = new Stage(script, surfaced);
  try {
    stage.open(world, kit);
    const isWhole = script.play(stage, length);
    stage.close();
    return { log: stage.log, isWhole };
  } finally {
    kit.captureContext(undefined);
  }
}

/** One sequence of choices. */
class Script implements CallbackHandler {
  /** How many steps are left; 0 before and after `play()`. */
  private left = 0;

  constructor(private readonly choices: Choices) {}

  /** Returns whether a step was possible each time. */
  play(stage: Stage, length: number): boolean {
    this.left = length;
    while (this.left > 0) {
      const possible = stage.possible();
      const step = possible[this.choices.choose(possible.length)];
      if (step === undefined) {
        this.left = 0;
        return false;
      }
      this.left--;
      stage.take(step);
    }
    return true;
  }

  /** Inside a callback: takes no step, or one step after another, or throws. */
  during(stage: Stage, what: string): void {
    while (this.left > 0) {
      const possible = stage.possible();
      const choice = this.choices.choose(possible.length + 2);
      if (choice === 0) {
        return;
      }
      this.left--;
      const step = possible[choice - 1];
      if (step === undefined) {
        stage.log.push('throws');
        throw new ThrownInCallback(what);
      }
      stage.take(step);
    }
  }
}
