import type { Signal } from '@angular/core';
import type { Observable } from 'rxjs';

import type { Words } from '../../lanes/lane';
import type { Traced } from '../../run/actors';
import type { Legend } from '../../stage/run-view';

/** Does `task` when the primitive lets it, under the name `label`. */
export type Visit = (task: Observable<unknown>, label: string) => Observable<unknown>;

/** A kind of actor. Each one gets a lane, and a name such as `reader 3`. */
interface Kind {
  readonly name: string;
  /** What the button says. */
  readonly button: string;
  readonly visit: Visit;
}

/** Something else that can be done to the primitive. */
interface Action {
  readonly button: string;
  do(): void;
}

/** A number of the primitive that can be changed at any time. */
export interface Dial {
  readonly label: string;
  readonly max: number;
  readonly value: Signal<number>;
  set(value: number): void;
}

/** A line of the script that "Show me" plays: the milliseconds after the line before, and the button or the lane. */
export type Cue = { readonly after: number } & (
  { readonly add: string } | { readonly cancel: string } | { readonly press: string } | { readonly turn: number }
);

export interface Board {
  readonly id: string;
  readonly name: string;
  /** What to try. */
  readonly hint: string;
  /** The code that runs, to read and to copy. */
  readonly source: string;
  readonly kinds: readonly Kind[];
  readonly actions: readonly Action[];
  readonly dial?: Dial;
  readonly primitives: readonly Traced[];
  readonly words: Partial<Words>;
  readonly legend: Legend;
  readonly script: readonly Cue[];
  /** As new, once all actors are gone. */
  reset(): void;
}
