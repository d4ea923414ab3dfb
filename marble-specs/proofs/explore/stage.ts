import { UnsubscriptionError } from 'rxjs';

import type { Kit } from './kit.js';
import { CLOSES, OPENS, WRONG } from './log.js';

/** A small world: who is there, and what they can do. */
export interface World {
  readonly name: string;
  /** How many steps deep `npm run explore` looks. */
  readonly steps: number;
  build(stage: Stage, kit: Kit): Scenery;
}

/** One thing that an actor can do. */
export interface Step {
  readonly name: string;
  /** Whether it can be done now. */
  can(): boolean;
  act(): void;
}

/** Decides what happens in a callback. */
export interface Director {
  /** Called in every callback that runs, with what is heard there; may take steps, and may throw. */
  during(stage: Stage, what: string): void;
}

/** What a world is made of, on one stage. Whoever judges says what is wrong, or nothing. */
export interface Scenery {
  /** The steps that come before anything is decided, by their names. */
  readonly prelude?: readonly string[];
  /** Which part of a context's way is a callback too: elsewhere, to capture and to restore one is all that happens. */
  readonly foreign?: 'capture' | 'restore';
  /** What one who looks at the primitives sees. */
  look(): string;
  /** Judges at any moment, whatever is just being told. */
  judge?(): string | undefined;
  /** Judges while nothing is being told. */
  judgeAtRest?(): string | undefined;
  /** Everyone goes, and gives back what they have. */
  close(): void;
  /** Judges when everyone has gone. */
  judgeAtTheEnd(): string | undefined;
}

/** Where the actors of one world act upon one kit, and where all that they do, hear and see is written down. */
export class Stage {
  readonly log: string[] = [];
  private readonly steps: Step[] = [];
  private scenery!: Scenery;
  private depth = 0;
  /** In whose name code runs: that of the step that is taken, or, where a context was restored, of the step of that. */
  private identity = 'nobody';

  /** @param surfaced - tells which errors have been reported since it was asked last. */
  constructor(
    private readonly director: Director,
    private readonly surfaced: () => readonly unknown[],
  ) {}

  /** Adds a step, which can be taken `times` times at most. */
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
    const scenery = (this.scenery = world.build(this, kit));
    for (const name of scenery.prelude ?? []) {
      const step = this.possible().find((each) => each.name === name);
      if (step === undefined) {
        throw new Error(`'${name}' cannot be done`);
      }
      this.take(step);
    }
  }

  /** Something is heard, in a callback. */
  heard(what: string): void {
    this.log.push(`${OPENS}${what}  [${this.identity}]`);
    try {
      this.director.during(this, what);
    } finally {
      this.log.push(CLOSES);
    }
  }

  /** A context of this moment: what runs in it, runs in the name of the step that is taken now. */
  private capture(): (task: () => void) => void {
    const { identity } = this;
    const { foreign } = this.scenery;
    if (foreign === 'capture') {
      this.heard('captures');
    }
    return (task) => {
      if (foreign === 'restore') {
        this.heard(`restores ${identity}`);
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

  /** What happens here must happen in the name of a step of this actor. */
  must(actor: string, does: string, what: string): void {
    if (this.identity !== `${actor} ${does}`) {
      this.wrong(`${what} in the name of '${this.identity}', not of '${actor} ${does}'`);
    }
  }

  /** Notes a broken promise. */
  wrong(what: string): void {
    this.log.push(WRONG + what);
  }

  take(step: Step): void {
    this.perform(step.name, () => {
      step.act();
    });
  }

  close(): void {
    const { scenery } = this;
    this.perform('everyone goes', () => {
      scenery.close();
    });
    this.write(scenery.judgeAtTheEnd());
  }

  private perform(name: string, act: () => void): void {
    const { log, scenery } = this;
    log.push(`${OPENS}> ${name}`);
    this.depth++;
    try {
      this.runAs(name, act);
    } catch (error) {
      log.push(`thrown: ${nameOf(error)}`);
    }
    this.depth--;
    log.push(`sees ${scenery.look()}`);
    this.write(scenery.judge?.());
    if (this.depth === 0) {
      log.push(...this.surfaced().map((error) => `reported: ${nameOf(error)}`));
      this.write(scenery.judgeAtRest?.());
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

/** What is thrown in a callback: one is not the other. */
export class Boom extends Error {
  constructor(where: string) {
    super();
    this.name = `Boom of '${where}'`;
  }
}
