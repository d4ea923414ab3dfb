/**
 * Every interleaving of a small world: all orders of its steps, each step also taken from inside every callback that
 * runs; first with one step, then with two, and so on, so that the first failure that is found is the shortest there is.
 *
 * Each script runs on the library and then on the model, and both must write the same log: what everyone was told, in
 * which order, and what one who looks at the primitives sees after each step. Besides, a referee judges by what the
 * actors themselves say.
 *
 * The ancestors are tokio's loom and Kotlin's Lincheck, which do so for the interleavings of threads.
 */
import { Choices } from './choices.js';
import { library, model, type Kit } from './kit.js';
import { difference } from './log.js';
import { withReports } from './reports.js';
import { Boom, Stage, type Director, type World } from './stage.js';

export interface Exploration {
  /** How many scripts were played. */
  readonly schedules: number;
  /** The first script that shows that something is wrong, and what. */
  readonly failure: string | undefined;
}

/** Plays all scripts of 1 to `steps` steps, until one shows that something is wrong. */
export function explore(world: World, steps: number, real: Kit = library): Exploration {
  let schedules = 0;
  for (let length = 1; length <= steps; length++) {
    const explored = exploreLength(world, length, real);
    schedules += explored.schedules;
    if (explored.failure !== undefined) {
      return { schedules, failure: explored.failure };
    }
  }
  return { schedules, failure: undefined };
}

/**
 * Plays all scripts of so many steps, until one shows that something is wrong.
 *
 * @param expected - the kit whose log is right. Where it is the library's own, the referees judge alone.
 */
export function exploreLength(world: World, length: number, real: Kit = library, expected: Kit = model): Exploration {
  return withReports((surfaced) => {
    let schedules = 0;
    const choices = new Choices();
    do {
      const played = play(world, real, choices, length, surfaced);
      choices.replay();
      const { log } = play(world, expected, choices, length, surfaced);
      const wrong = difference(played.log, log) ?? (choices.isAstray ? 'the model went astray' : undefined);
      if (wrong !== undefined) {
        return { schedules, failure: `${world.name}: a script of ${String(length)} steps\n${wrong}` };
      }
      schedules += played.isWhole ? 1 : 0;
    } while (choices.next());
    return { schedules, failure: undefined };
  });
}

interface Played {
  readonly log: readonly string[];
  /** Whether there was something to do in every step: else it was counted among the shorter scripts. */
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
class Script implements Director {
  /** How many steps are left; none before and after. */
  private left = 0;

  constructor(private readonly choices: Choices) {}

  /** Says whether there was something to do in every step. */
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

  /** In a callback: nothing, or one step after another, or an error is thrown. */
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
        throw new Boom(what);
      }
      stage.take(step);
    }
  }
}
