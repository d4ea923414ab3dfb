import type { Signal, WritableSignal } from '@angular/core';

import type { Lane } from '../lanes/lane';
import type { Traced } from '../run/actors';
import type { Recording } from '../run/recording';

/** What a replay needs. */
export interface Replay {
  readonly recording: Signal<Recording | undefined>;
  /** In milliseconds. */
  readonly duration: Signal<number>;
  /** The time that a replay shows; null without a replay. */
  readonly cursor: WritableSignal<number | null>;
  /** The time that the lanes show. */
  readonly now: Signal<number>;
  readonly canReplay: Signal<boolean>;
}

/** What the lanes and the texts need too: a run of a stage, or a board of the playground. */
export interface Viewable extends Replay {
  readonly lanes: Signal<readonly Lane[]>;
  readonly primitives: Signal<readonly Traced[]>;
  /** Whether the waiting actors can be cancelled. */
  readonly isLive: Signal<boolean>;
  cancel(actor: string): void;
}
