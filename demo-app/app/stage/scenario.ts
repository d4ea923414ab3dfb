import type { HttpInterceptorFn } from '@angular/common/http';
import type { Provider, WritableSignal } from '@angular/core';
import type { Observable } from 'rxjs';

import type { Period } from '../lanes/lane';
import type { Verdict } from '../shared/verdict';
import type { LiveRun, Traced } from '../run/live-run';
import type { NameOf, Recording } from '../run/recording';

/** One way to do the job of a page. */
export interface Contestant {
  readonly id: string;
  readonly name: string;
  /** An honest sentence: what it is good for, and where it fails. */
  readonly remark: string;
  /** The code that runs, to read and to copy. */
  readonly source: string;
  readonly interceptors?: () => readonly HttpInterceptorFn[];
  readonly providers?: readonly Provider[];
}

/** A result in one word or number, from the server where the server knows it. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly tone?: 'good' | 'bad';
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly figures: readonly Figure[];
}

/** What a contestant has started. */
export interface Started {
  /** Plays the run: completes at its end, and stops when it is unsubscribed. */
  readonly events: Observable<unknown>;
  /** The primitives whose steps and states are drawn. */
  readonly primitives?: readonly Traced[];
}

/** A job, the contestants for it, and how the server's log is judged. */
export interface Scenario<C extends Contestant = Contestant> {
  /** The best one last. */
  readonly contestants: readonly [C, ...C[]];
  /** The actors that have lanes from the beginning: so nothing moves when they appear. */
  readonly actors: () => readonly string[];
  readonly nameOf: NameOf;
  /** The milliseconds that are drawn at least. */
  readonly span: number;
  /** The longest run in milliseconds. Who has not come to an end then hangs for ever. */
  readonly timeLimit: number;
  /** The same after so many milliseconds in which nothing happened: a run that only waits ends sooner, and a slow machine has its time. */
  readonly stillness?: number;
  /** What stands above the lanes before the first run. */
  readonly idle: Judgement;
  /** Times that are drawn behind all lanes, with their name for the legend. */
  readonly periods?: { readonly label: string; readonly of: (recording: Recording) => readonly Period[] };
  /** Further settings, which the address of the page holds too. */
  readonly settings?: Readonly<Record<string, WritableSignal<string>>>;
  start(contestant: C, live: LiveRun): Started;
  /** Called again and again while the run goes on. */
  judge(contestant: C, recording: Recording, isOver: boolean): Judgement;
}
