import { defer, EMPTY, merge, type MonoTypeOperatorFunction, type Observable, ReplaySubject, takeUntil, tap } from 'rxjs';
import type { AcquireOptions, TraceEvent } from 'rxjs-locks';

import type { Recording } from './recording';

/**
 * A primitive whose steps and state a page draws: `{ name: String(lock), state: lock, steps: trace(lock) }`. Without a state,
 * only the lanes show it.
 */
export interface Traced {
  readonly name: string;
  readonly state?: Observable<object>;
  readonly steps: Observable<TraceEvent>;
  /** The weight and the priority of a waiter by its label, where it has some: a spec to paste needs them. */
  readonly demandOf?: (label: string) => AcquireOptions;
}

/** Records what actors do, and cancels them by their names. */
export class Actors {
  private readonly withdrawals = new Map<string, ReplaySubject<void>>();

  constructor(readonly recording: Recording) {}

  /** Records what an actor asks for and how that ends. The button of its lane cancels it. */
  act<T>(actor: string): MonoTypeOperatorFunction<T> {
    return (source) =>
      defer(() => {
        const { recording } = this;
        recording.add(actor, 'asked');
        return source.pipe(
          tap({
            complete: () => {
              recording.add(actor, 'done');
            },
            error: () => {
              recording.add(actor, 'failed');
            },
            unsubscribe: () => {
              recording.add(actor, 'cancelled');
            },
          }),
        );
      }).pipe(takeUntil(this.withdrawn(actor)));
  }

  /** Emits when the user cancels the actor by the button of its lane, and to those who subscribe later. */
  withdrawn(actor: string): Observable<void> {
    return this.withdrawalOf(actor);
  }

  /** Cancels an actor. If it waits where nothing can be cancelled, it is left out at its turn. */
  cancel(actor: string): void {
    this.withdrawalOf(actor).next();
    this.recording.add(actor, 'cancelled');
  }

  /** Records the steps and the states of a primitive. */
  trace(primitive: Traced): Observable<unknown> {
    const { steps, state = EMPTY } = primitive;
    return merge(
      steps.pipe(
        tap((event) => {
          this.recording.addStep(event);
        }),
      ),
      state.pipe(
        tap((now) => {
          this.recording.addState(primitive, now);
        }),
      ),
    );
  }

  private withdrawalOf(actor: string): ReplaySubject<void> {
    let withdrawal = this.withdrawals.get(actor);
    if (withdrawal === undefined) {
      withdrawal = new ReplaySubject(1);
      this.withdrawals.set(actor, withdrawal);
    }
    return withdrawal;
  }
}
