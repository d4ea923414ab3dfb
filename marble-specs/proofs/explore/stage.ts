import { UnsubscriptionError } from 'rxjs';

import type { Kit } from './kit.js';
import { CLOSES, OPENS, WRONG } from './log.js';

/** A small world: a few actors, each with a few steps. */
export interface World {
  readonly name: string;
  /** How many steps a script of `npm run explore` has at most. */
  readonly steps: number;
  build(stage: Stage, kit: Kit): Setup;
}

/** One thing that an actor can do. */
export interface Step {
  readonly name: string;
  /** Whether it can be done now. */
  can(): boolean;
  act(): void;
}

/** Decides which steps are taken inside a callback. */
export interface CallbackHandler {
  /** Called in each callback that runs, with its description; may take steps, and may throw. */
  during(stage: Stage, what: string): void;
}

/** What a world has on one stage. Each `judge` method returns what is wrong, or undefined. */
export interface Setup {
  /** The names of the steps that each script begins with. */
  readonly prelude?: readonly string[];
  /** Whether the capture or the restore of a context is a callback too. */
  readonly foreign?: 'capture' | 'restore';
  /** What an observer can read of the primitives. */
  look(): string;
  /** Judges after each step, inside a callback too. */
  judge?(): string | undefined;
  /** Judges after each step outside of all callbacks. */
  judgeAtRest?(): string | undefined;
  /** All actors unsubscribe, and release what they hold. */
  close(): void;
  /** Judges after `close()`. */
  judgeAtTheEnd(): string | undefined;
}

/** Runs the steps of one world on one kit, and writes the log: each step, each callback, and what an observer can read. */
export class Stage {
  readonly log: string[] = [];
  private readonly steps: Step[] = [];
  private setup!: Setup;
  private depth = 0;
  /** The identity in which code runs: the name of the step under way or, in a restored context, of the step that captured it. */
  private identity = 'none';

  /** @param surfaced - returns the errors that RxJS has reported since the last call. */
  constructor(
    private readonly handler: CallbackHandler,
    private readonly surfaced: () => readonly unknown[],
  ) {}

  /** Adds a step, which can be taken at most `times` times. */
  step(name: string, can: () => boolean, act: () => void, times = 1): void {
    let left = times;
    this.steps.push({
      name,
      can: () => left > 0 && can(),
      act: () => {
        left--;
        act();
      },
    });
  }

  /** The steps that can be taken now. */
  possible(): Step[] {
    return this.steps.filter((step) => step.can());
  }

  open(world: World, kit: Kit): void {
    kit.captureContext(() => this.capture());
    const setup = (this.setup = world.build(this, kit));
    for (const name of setup.prelude ?? []) {
      const step = this.possible().find((each) => each.name === name);
      if (step === undefined) {
        throw new Error(`'${name}' is not possible`);
      }
      this.take(step);
    }
  }

  /** A callback runs. */
  callback(what: string): void {
    this.log.push(`${OPENS}${what}  [${this.identity}]`);
    try {
      this.handler.during(this, what);
    } finally {
      this.log.push(CLOSES);
    }
  }

  /** Captures a context: what runs in it has the identity of this moment. */
  private capture(): (task: () => void) => void {
    const { identity } = this;
    const { foreign } = this.setup;
    if (foreign === 'capture') {
      this.callback('captures');
    }
    return (task) => {
      if (foreign === 'restore') {
        this.callback(`restores ${identity}`);
      }
      this.runAs(identity, task);
    };
  }

  private runAs(identity: string, task: () => void): void {
    const { identity: before } = this;
    this.identity = identity;
    try {
      task();
    } finally {
      this.identity = before;
    }
  }

  /** Checks that the code runs in the identity of a step of this actor. */
  must(actor: string, does: string, what: string): void {
    if (this.identity !== `${actor} ${does}`) {
      this.wrong(`${what} in the identity of '${this.identity}', not of '${actor} ${does}'`);
    }
  }

  /** Writes into the log what is wrong. */
  wrong(what: string): void {
    this.log.push(WRONG + what);
  }

  take(step: Step): void {
    this.perform(step.name, () => {
      step.act();
    });
  }

  close(): void {
    const { setup } = this;
    this.perform('all actors close', () => {
      setup.close();
    });
    this.write(setup.judgeAtTheEnd());
  }

  private perform(name: string, act: () => void): void {
    const { log, setup } = this;
    log.push(`${OPENS}> ${name}`);
    this.depth++;
    try {
      this.runAs(name, act);
    } catch (error) {
      log.push(`thrown: ${nameOf(error)}`);
    }
    this.depth--;
    log.push(`state ${setup.look()}`);
    this.write(setup.judge?.());
    if (this.depth === 0) {
      log.push(...this.surfaced().map((error) => `reported: ${nameOf(error)}`));
      this.write(setup.judgeAtRest?.());
    }
    log.push(CLOSES);
  }

  private write(wrong: string | undefined): void {
    if (wrong !== undefined) {
      this.wrong(wrong);
    }
  }
}

export function nameOf(error: unknown): string {
  if (error instanceof UnsubscriptionError) {
    return `${error.name} of ${error.errors.map(nameOf).join(' and ')}`;
  }
  return error instanceof Error ? error.name : String(error);
}

/** The error that a callback throws; its name says which callback. */
export class ThrownInCallback extends Error {
  constructor(where: string) {
    super();
    this.name = `thrown in '${where}'`;
  }
}
