/** What a process of the benchmark is asked, and what it answers. */
import type { Kind } from './contestants.js';

/** Where the servers listen. */
export interface Ports {
  readonly redis: number;
  readonly postgres: number;
}

/** One lock of one contestant. */
export interface Subject {
  readonly kind: Kind;
  readonly name: string;
}

/** The time that one caller was inside, by a clock that all processes of the machine share. In milliseconds. */
export interface Tenure {
  readonly toldAt: number;
  readonly releasedAt: number;
}

export interface Steps {
  /** Acquires and releases so often, one after another. Resolves to the milliseconds. */
  cycle(subject: Subject, times: number): Promise<number>;
  /** Resolves when the caller is inside, to the time of that. */
  take(subject: Subject): Promise<number>;
  /** Releases what was taken. Resolves to the time of that. */
  release(): Promise<number>;
  /** Lets so many callers come at once. Resolves when they have asked. */
  enter(subject: Subject, callers: number): Promise<void>;
  /** Resolves when all of these callers have been inside. */
  left(): Promise<readonly Tenure[]>;
  /** Ends the locks that were used, and resolves when the server has answered all that it was asked. */
  end(): Promise<void>;
}

export interface Question {
  readonly id: number;
  readonly step: keyof Steps;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}
