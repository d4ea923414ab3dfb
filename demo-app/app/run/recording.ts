import { signal } from '@angular/core';
import { BoundedSemaphore, Event, type TraceEvent } from 'rxjs-locks';

import type { LogEntry } from '../../backend/contract';
import type { Traced } from './actors';
import type { Moment, MomentKind } from './moment';

/** A step of a primitive, at a time of the recording. */
export interface TracedStep {
  readonly at: number;
  readonly event: TraceEvent;
  /** The bound of a bounded semaphore after the step. */
  readonly bound?: number;
}

/** A state of a primitive, from a time of the recording on. */
interface StateFrom {
  readonly at: number;
  readonly primitive: Traced;
  readonly state: object;
}

/** How a request to the server is called in the lanes. Undefined: it has no lane. */
export type NameOf = (request: string) => string | undefined;

const ends: readonly MomentKind[] = ['done', 'failed', 'cancelled', 'hung'];

/**
 * Everything that happened in a run. What a page shows at a time is a function of it, so a finished run can be replayed.
 *
 * ```
 *   the one who asks ──► asked, done, failed, cancelled ─┐
 *   trace(primitive) ──► queued, granted, released ──────┼──► moments ──► lanes
 *   HttpClient ────────► sent ───────────────────────────┤
 *   log of the server ─► arrived, damage, answered ──────┘──► log ──────► verdict
 *   primitive ─────────► its states ────────────────────────► states beside the lanes
 * ```
 */
export class Recording {
  private readonly allMoments = signal<readonly Moment[]>([]);
  private readonly allEntries = signal<readonly LogEntry[]>([]);
  private readonly allSteps = signal<readonly TracedStep[]>([]);
  private readonly allStates = signal<readonly StateFrom[]>([]);
  private readonly beganAt: number;

  readonly moments = this.allMoments.asReadonly();
  /** The log of the server. */
  readonly log = this.allEntries.asReadonly();
  readonly traced = this.allSteps.asReadonly();
  // the actors that were asked or queued, and have not come to an end since
  private readonly underWay = new Set<string>();
  // the last moment of each actor
  private readonly latest = new Map<string, Moment>();

  constructor(
    private readonly nameOf: NameOf = (request) => request,
    private readonly clock = () => performance.now(),
  ) {
    this.beganAt = clock();
  }

  /** Milliseconds since the run began. */
  now(): number {
    return this.clock() - this.beganAt;
  }

  /** The actors that have not come to an end. */
  open(): readonly string[] {
    return [...this.underWay];
  }

  add(actor: string, kind: MomentKind, text?: string): void {
    if (ends.includes(kind) && !this.underWay.has(actor) && !(kind === 'failed' && this.wasCancelled(actor))) {
      return; // told twice: by the trace and by the one who asked
    }
    const moment: Moment = { at: this.now(), actor, kind, ...(text !== undefined && { text }) };
    if (ends.includes(kind)) this.underWay.delete(actor);
    else if (kind === 'asked' || kind === 'queued') this.underWay.add(actor);
    this.latest.set(actor, moment);
    this.allMoments.update((moments) => [...moments, moment]);
  }

  /** Adds a moment of a request, such as `PUT /documents/1/edits/7`, if it has a lane. */
  addOf(request: string, kind: MomentKind, text?: string): void {
    const actor = this.nameOf(request);
    if (actor !== undefined) this.add(actor, kind, text);
  }

  addEntry(entry: LogEntry): void {
    this.allEntries.update((entries) => [...entries, entry]);
    const { kind, request, status = 0, text } = entry;
    if (kind === 'cut') return; // the browser tells too, and also of requests that never leave it
    this.addOf(
      request,
      kind === 'answered' && status >= 400 ? 'refused' : kind,
      text ?? (status >= 400 ? String(status) : undefined),
    );
  }

  addStep(event: TraceEvent): void {
    const { label = '', primitive } = event;
    const traced: TracedStep = {
      at: this.now(),
      event,
      ...(primitive instanceof BoundedSemaphore && { bound: primitive.bound }),
    };
    this.allSteps.update((steps) => [...steps, traced]);
    const request = /^(\S+) \/api\/runs\/[^/]+(\/.*)$/.exec(label);
    const actor = request === null ? label : this.nameOf(`${request[1] ?? ''} ${request[2] ?? ''}`);
    const kind = momentOf(event);
    if (actor !== undefined && actor !== '' && kind !== undefined) this.add(actor, kind);
  }

  addState(primitive: Traced, state: object): void {
    this.allStates.update((states) => [...states, { at: this.now(), primitive, state }]);
  }

  /** The states of the primitives at a time, in the order in which the primitives came. */
  statesAt(time: number): readonly { readonly name: string; readonly state: object }[] {
    const states = new Map<Traced, object>();
    for (const { at, primitive, state } of this.allStates()) if (at <= time) states.set(primitive, state);
    return [...states].map(([{ name }, state]) => ({ name, state }));
  }

  /** A waiter whose wait fails is first cancelled, says the trace, in no words. The error says more. */
  private wasCancelled(actor: string): boolean {
    const last = this.latest.get(actor);
    return last?.kind === 'cancelled' && last.text === undefined;
  }
}

function momentOf({ step, primitive }: TraceEvent): MomentKind | undefined {
  switch (step) {
    case 'park':
    case 'repark':
      return 'queued';
    case 'grant':
      // An event lets its waiters pass, and they hold nothing.
      return primitive instanceof Event ? undefined : 'granted';
    case 'release':
      return 'released';
    case 'cancel':
      return 'cancelled';
    default:
      return undefined;
  }
}
