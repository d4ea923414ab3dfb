import { Observable, Subject } from 'rxjs';

import { refusal } from './internal/checks/copy.js';
import { append, Callback } from './internal/delivery/delivery.js';
import { Positions } from './internal/delivery/positions.js';
import type { TraceEvent, TraceStep } from './internal/delivery/trace-event.js';
import { StatefulSubject, type Tracer } from './internal/primitives/stateful-subject.js';
import type { Waiter } from './internal/waiting/waiter.js';

/**
 * Emits every step of a primitive, in order: for tests, for logs, and to find out which waiter waits for which holder.
 *
 * ```
 * first.pipe(withLock(lock))     ----|
 * second.pipe(withLock(lock))     ------|
 * trace(lock), 1 "first"         g---r
 * trace(lock), 2 "second"        -p--g--r
 * ```
 *
 * **Order.** Steps are emitted in the order of their commits, in turn with the other callbacks of all primitives. The steps
 * of a commit are emitted before the state that results from it. The trace does not complete, since permits of a closed
 * primitive can still be released.
 *
 * **Cancel safety.** Cold: recording starts at `subscribe`. A primitive without a trace pays one check a step.
 *
 * **Units.** A trace contains no time: RxJS's `timestamp()` adds it.
 *
 * @example
 * const lock = new Lock();
 *
 * trace(lock).subscribe(({ step, label, state }) => console.log(step, label, state));
 * of('a work').pipe(withLock(lock, { label: 'first' })).subscribe();
 *
 * @throws TypeError at the call, for a value that is not a primitive of this library.
 * @see `marbleOf` in `rxjs-locks/testing`, which draws the trace.
 */
export function trace<S, W extends Waiter>(primitive: StatefulSubject<S, W>): Observable<TraceEvent<S>> {
  if (!(primitive instanceof StatefulSubject)) {
    throw refusal('trace', 'a primitive', primitive);
  }
  return new Observable((subscriber) => {
    const tracer = (primitive.tracer ??= new Tracing(primitive));
    tracer.events.subscribe(subscriber);
    return () => {
      if (!tracer.events.observed) {
        primitive.tracer = undefined;
      }
    };
  });
}

/** Numbers the waiters of a lock and of its conditions, in the order in which a trace first notes them. */
class Numbers {
  private readonly numbers = new WeakMap<Waiter, number>();
  private last = 0;

  of({ holder }: Waiter): number {
    let number = this.numbers.get(holder);
    if (number === undefined) {
      number = ++this.last;
      this.numbers.set(holder, number);
    }
    return number;
  }
}

/** One object for each lock or other primitive. All traces of the lock and of its conditions share it. */
const numbersOf = new WeakMap<object, Numbers>();

type Noted = Omit<TraceEvent, 'state' | 'primitive'>;

/** The part of a primitive that a trace reads. */
type Traceable<S> = Pick<StatefulSubject<S>, 'queue'> & Observable<S> & { readonly lock?: object };

class Tracing<S> implements Tracer<S> {
  readonly events = new Subject<TraceEvent<S>>();
  private readonly numbers: Numbers;
  private readonly positions = new Positions();
  private noted: Noted[] = [];

  constructor(private readonly primitive: Traceable<S>) {
    const group = primitive.lock ?? primitive;
    this.numbers = numbersOf.get(group) ?? new Numbers();
    numbersOf.set(group, this.numbers);
    const { queue } = primitive;
    for (let waiter = queue.head; waiter !== undefined; waiter = queue.after(waiter)) {
      this.positions.add(waiter);
    }
  }

  note(step: TraceStep, waiter: Waiter | undefined): void {
    this.noted.push({
      step,
      waiter: waiter && this.numbers.of(waiter),
      keys: waiter?.resource.keys,
      label: waiter?.demand.label,
      place: waiter && this.placeAfter(step, waiter),
    });
  }

  committed(state: S): void {
    const { events, noted, primitive } = this;
    this.noted = [];
    for (const { step, waiter, keys, label, place } of noted) {
      const event = { step, primitive, waiter, keys, label, place, state }; // a spread would take as long as all the rest
      append(
        new Callback(() => {
          events.next(event);
        }),
      );
    }
  }

  /** Each step of a waiter in the queue dequeues it. A `repark` step moves a condition's waiter from one queue to another. */
  private placeAfter(step: TraceStep, waiter: Waiter): number | undefined {
    const wasQueued = this.positions.remove(waiter);
    return !wasQueued && (step === 'park' || step === 'repark') ? this.positions.add(waiter) : undefined;
  }
}
