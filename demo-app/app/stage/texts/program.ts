import { NEVER, type Observable, switchMap, takeUntil, timer } from 'rxjs';
import { type AcquireOptions, BoundedSemaphore, Lock, Semaphore, trace, type TraceEvent } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';
import { marbleOf } from 'rxjs-locks/testing';
import { TestScheduler } from 'rxjs/testing';

import type { TracedStep } from '../../run/recording';
import { numbered } from './diagram';
import { frameOf } from './frames';

/** One waiter of a program. All times are frames. */
export interface Visit {
  readonly arrives: number;
  /** Undefined: it holds its permit to the end. */
  readonly holds?: number;
  /** When it gives up waiting. */
  readonly leaves?: number;
  readonly options: AcquireOptions;
}

/** What happened at a lock or a semaphore, as something that can be done again in virtual time. */
export interface Program {
  readonly kind: 'Lock' | 'Semaphore' | 'BoundedSemaphore';
  readonly name: string | undefined;
  /** The units of a semaphore at the beginning. */
  readonly units: number;
  readonly visits: readonly Visit[];
  readonly resizes: readonly { readonly at: number; readonly bound: number }[];
}

type DemandOf = (label: string) => AcquireOptions;

/** The program that does what these steps tell; undefined if they are not the steps of one lock or one semaphore. */
export function programOf(steps: readonly TracedStep[], demandOf: DemandOf = () => ({})): Program | undefined {
  const [first] = steps;
  if (first === undefined) return undefined;
  const { primitive } = first.event;
  if (!(primitive instanceof Lock || primitive instanceof Semaphore) || steps.some(({ event }) => event.primitive !== primitive))
    return undefined;
  const visits = new Map<number, Visit & { granted?: number }>();
  const resizes: { at: number; bound: number }[] = [];
  const order = new Order();
  for (const step of numbered(steps)) {
    const { step: what, waiter = 0, label } = step.event;
    const visit = visits.get(waiter);
    const wanted = frameOf(step, steps);
    if (what === 'resize') {
      resizes.push({ at: order.place(wanted, 'alone'), bound: step.bound ?? 0 });
    } else if (visit === undefined) {
      const arrives = order.place(wanted, 'first');
      const options = { ...(label !== undefined && { label: shortened(label), ...demandOf(label) }) };
      visits.set(waiter, { arrives, options, ...(what === 'grant' && { granted: arrives }) });
    } else if (what === 'grant') {
      visits.set(waiter, { ...visit, granted: order.last });
    } else if (what === 'release') {
      visits.set(waiter, { ...visit, holds: order.place(wanted, 'last') - (visit.granted ?? 0) });
    } else {
      visits.set(waiter, { ...visit, leaves: order.place(wanted, 'alone') });
    }
  }
  const program: Program = {
    kind: kindOf(primitive),
    name: /"(.*)"$/.exec(String(primitive))?.[1],
    units: unitsBefore(first, demandOf),
    visits: [...visits.values()].map(({ granted: _, ...visit }) => visit),
    resizes,
  };
  return story(play(program).events) === story(numbered(steps).map(({ event }) => event)) ? program : undefined;
}

/** Does a program in virtual time. A spec to paste has the same lines. */
export function play({ kind, name, units, visits, resizes }: Program): { diagram: string; events: readonly TraceEvent[] } {
  const scheduler = new TestScheduler(() => undefined);
  const events: TraceEvent[] = [];
  let diagram = '';
  scheduler.run(({ flush }) => {
    const primitive = made[kind](units, name === undefined ? {} : { name });
    const steps: Observable<TraceEvent> = primitive instanceof Lock ? trace(primitive) : trace(primitive);
    steps.subscribe((event) => events.push(event));
    marbleOf(steps).subscribe((drawn) => {
      diagram = drawn;
    });
    for (const { arrives, holds, leaves, options } of visits) {
      const task = holds === undefined ? NEVER : timer(holds);
      timer(arrives)
        .pipe(
          switchMap(() => task.pipe(withLock(primitive, options))),
          takeUntil(leaves === undefined ? NEVER : timer(leaves)),
        )
        .subscribe();
    }
    for (const { at, bound } of resizes) {
      timer(at).subscribe(() => {
        if (primitive instanceof BoundedSemaphore) primitive.resize(bound);
      });
    }
    flush();
  });
  return { diagram, events };
}

const made = {
  Lock: (_units, options) => new Lock(options),
  Semaphore: (units, options) => new Semaphore(units, options),
  BoundedSemaphore: (units, options) => new BoundedSemaphore(units, options),
} satisfies Record<Program['kind'], (units: number, options: { name?: string }) => Lock | Semaphore>;

function kindOf(primitive: Lock | Semaphore): Program['kind'] {
  if (primitive instanceof BoundedSemaphore) return 'BoundedSemaphore';
  return primitive instanceof Semaphore ? 'Semaphore' : 'Lock';
}

/** A request of a run is named without the run. */
function shortened(label: string): string {
  return label.replace(/ \/api\/runs\/[^/]+/, ' ');
}

/** The units that were free before the first step. */
function unitsBefore(first: TracedStep, demandOf: DemandOf): number {
  const { step, state, label = '' } = first.event as TraceEvent<{ available?: number }>;
  if (state.available === undefined) return 1; // a lock
  return state.available + (step === 'grant' ? (demandOf(label).weight ?? 1) : 0);
}

/** Who was granted, who left, and what was resized, in order. A release that frees nobody may come a little later or earlier. */
function story(events: readonly TraceEvent[]): string {
  return events
    .filter(({ step }) => step !== 'release')
    .map(({ step, waiter = '*' }) => `${step} ${String(waiter)}`)
    .join(', ');
}

/**
 * Frames for what happens from outside, in order. Within a frame, a program does the arrivals first, and what is released last. So
 * an arrival that came after a release gets the next frame, and a cancel or a resize gets a frame of its own.
 */
class Order {
  last = 0;
  private inFrame: 'nothing' | 'arrivals' | 'more' = 'nothing';

  place(wanted: number, where: 'first' | 'alone' | 'last'): number {
    const collides = where === 'first' ? this.inFrame === 'more' : where === 'alone' && this.inFrame !== 'nothing';
    const frame = Math.max(wanted, this.last + (collides ? 1 : 0));
    if (frame > this.last) this.inFrame = 'nothing';
    this.inFrame = where === 'first' && this.inFrame !== 'more' ? 'arrivals' : 'more';
    this.last = frame;
    return frame;
  }
}
