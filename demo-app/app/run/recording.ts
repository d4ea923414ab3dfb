import { computed, signal } from '@angular/core';
import { BoundedSemaphore, Event, type TraceEvent } from 'rxjs-locks';

import type { LogEntry } from '../../backend/contract';
import type { Moment, MomentKind } from './moment';

/** A step of a primitive, at a time of the recording. */
export interface TracedStep {
  readonly at: number;
  readonly event: TraceEvent;
  /** The bound of a bounded semaphore after the step. */
  readonly bound?: number;
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
 * ```
 */
export class Recording {
  private readonly allMoments = signal<readonly Moment[]>([]);
  private readonly allEntries = signal<readonly LogEntry[]>([]);
  private readonly allSteps = signal<readonly TracedStep[]>([]);
  private readonly beganAt: number;

  readonly moments = this.allMoments.asReadonly();
  /** The log of the server. */
  readonly log = this.allEntries.asReadonly();
  readonly traced = this.allSteps.asReadonly();
  /** The actors that have not come to an end. */
  readonly open = computed(() => {
    const open = new Set<string>();
    for (const { actor, kind } of this.moments()) {
      if (ends.includes(kind)) open.delete(actor);
      else if (kind === 'asked' || kind === 'queued') open.add(actor);
    }
    return [...open];
  });

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

  add(actor: string, kind: MomentKind, text?: string): void {
    if (ends.includes(kind) && !this.open().includes(actor) && !(kind === 'failed' && this.wasCancelled(actor))) {
      return; // told twice: by the trace and by the one who asked
    }
    const moment: Moment = { at: this.now(), actor, kind, ...(text !== undefined && { text }) };
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

  /** A waiter whose wait fails is first cancelled, says the trace, in no words. The error says more. */
  private wasCancelled(actor: string): boolean {
    const last = this.moments()
      .filter((moment) => moment.actor === actor)
      .at(-1);
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
