import { HttpContext } from '@angular/common/http';
import { computed, signal } from '@angular/core';
import { catchError, concat, EMPTY, from, identity, ignoreElements, map, type Observable, take, tap, timer } from 'rxjs';
import { trace } from 'rxjs-locks';
import { bypass } from 'rxjs-locks/angular';

import { unitBytes } from '../../../backend/contract';
import type { LiveRun, Traced } from '../../run/live-run';
import type { Recording } from '../../run/recording';
import type { Figure, Judgement, Scenario } from '../../stage/scenario';
import { type CapContestant, contestants, type Controls } from './contestants';
import {
  chunksOf,
  fileCount,
  heaviest,
  nameOf,
  nameOfFile,
  nameOfPreview,
  previewCount,
  saveName,
  unitsOfFile,
  upTo,
} from './files';
import { type Job, type Jobs, PRIORITY, type Send, UNITS } from './job';
import { type Outcome, outcomeOf } from './outcome';

/** In milliseconds. */
const firstPreview = 150;
const betweenPreviews = 110;
const click = 600;
/** A user who has clicked on Save notices this. */
const tooLong = 400;

/** A file of three units must fit, so the cap cannot be lower. */
export const lowest = heaviest;
export const highest = 16;
export const capacities = [8, 16] as const;

/** Uploads, previews and an urgent click, for a server that does only so much at once. */
export class Cap implements Scenario<CapContestant> {
  readonly contestants = contestants;
  readonly actors = (): readonly string[] => lanes;
  readonly nameOf = nameOf;
  readonly span = 3_000;
  readonly timeLimit = 120_000;
  readonly settings = { cap: signal('8'), server: signal('8'), urgent: signal('yes') };

  /** The bound of the semaphore. */
  readonly bound = computed(() => within(Math.round(Number(this.settings.cap())), lowest, highest));
  /** How many units the server does at once. */
  readonly capacity = computed(() => capacities.find((each) => String(each) === this.settings.server()) ?? capacities[0]);
  /** Whether Save has a priority. */
  readonly isUrgent = computed(() => this.settings.urgent() !== 'no');
  private readonly paused = signal(false);
  readonly isPaused = this.paused.asReadonly();
  private controls: Controls | undefined;

  get idle(): Judgement {
    return {
      verdict: {
        tone: 'idle',
        headline: 'How much reaches the server at once?',
        detail: `The server does ${String(this.capacity())} units at once, and refuses more with 503.`,
      },
      figures: figuresOf(undefined, false),
    };
  }

  start(contestant: CapContestant, live: LiveRun): { events: Observable<unknown>; primitives: readonly Traced[] } {
    this.controls = contestant.controls?.(live.injector);
    this.resume();
    const { http } = live;
    const prepared = http.put(live.url('/capacity'), { units: this.capacity() }, { context: bypass('all') });
    return {
      events: concat(prepared.pipe(ignoreElements()), contestant.play(jobsOf(live, this.isUrgent() ? 1 : 0), sending(live))),
      primitives: tracedOf(this.controls),
    };
  }

  /** Moves the cap, also while it is in use. */
  move(cap: string): void {
    this.settings.cap.set(cap);
    if (!this.paused() || this.controls?.uploads !== undefined) this.controls?.slots.resize(this.bound());
  }

  pause(): void {
    this.paused.set(true);
    const { slots, uploads } = this.controls ?? {};
    if (uploads === undefined) slots?.resize(0);
    else uploads.clear();
  }

  resume(): void {
    this.paused.set(false);
    this.controls?.slots.resize(this.bound());
    this.controls?.uploads?.set();
  }

  judge(contestant: CapContestant, recording: Recording, isOver: boolean): Judgement {
    const outcome = outcomeOf(recording);
    const { most, refused, uploaded, lost, cancelled, urgentWaited = 0, isUrgentHeldUp, lastAnswer } = outcome;
    const figures = figuresOf(outcome, isOver);
    const says = (tone: Judgement['verdict']['tone'], headline: string, ...detail: string[]): Judgement => ({
      verdict: { tone, headline, detail: detail.join(' ') },
      figures,
    });
    const load = `The server saw up to ${String(most)} units at once, and can do ${String(this.capacity())}.`;
    const files = `${String(uploaded)} of ${String(fileCount)} files uploaded`;
    if (refused > 0) {
      const isCapTooHigh = contestant.controls !== undefined && this.bound() > this.capacity();
      return says('bad', `${files}, ${String(refused)} refused`, load, isCapTooHigh ? 'The cap is too high for it.' : '');
    }
    if (!isOver) return says('busy', this.paused() ? 'Paused' : files, load);
    if (lost > 0) return says('bad', `${files}, ${String(lost)} failed`, load);
    const after = `All has ended after ${seconds(lastAnswer)}.`;
    if (urgentWaited > tooLong && isUrgentHeldUp) {
      return says('bad', `Nothing refused, but Save waited ${seconds(urgentWaited)}`, load, after);
    }
    const headline = cancelled > 0 ? `Nothing refused, ${String(cancelled)} cancelled` : 'Right: all is sent, nothing refused';
    return says('good', headline, load, after);
  }
}

const lanes: readonly string[] = [saveName, ...upTo(fileCount).map(nameOfFile), ...upTo(previewCount).map(nameOfPreview)];

/** What the three parts of the application send. A job has a lane from the moment when it is wanted. */
function jobsOf(live: LiveRun, priorityOfSave: number): Jobs {
  const { http, recording } = live;
  const put = (path: string, body: unknown, context?: HttpContext): Observable<unknown> =>
    http.put(live.url(path), body, { ...(context && { context }) });
  const upload = (file: number): Job => {
    const name = nameOfFile(file);
    const units = unitsOfFile(file);
    const requests = upTo(chunksOf).map((chunk) =>
      put(
        `/uploads/${String(file)}/chunks/${String(chunk)}`,
        'x'.repeat(units * unitBytes),
        new HttpContext().set(UNITS, units),
      ).pipe(
        tap(() => {
          recording.add(name, 'progress', `${String(chunk)} of ${String(chunksOf)}`);
        }),
      ),
    );
    return { name, units, priority: 0, requests };
  };
  const preview = (number: number): Job => ({
    name: nameOfPreview(number),
    units: 1,
    priority: 0,
    requests: [http.get(live.url(`/previews/${String(number)}`))],
  });
  const save = (): Job => ({
    name: saveName,
    units: 1,
    priority: priorityOfSave,
    requests: [put('/profile', {}, new HttpContext().set(PRIORITY, priorityOfSave))],
  });
  const asked = tap(({ name }: Job) => {
    recording.add(name, 'asked');
  });
  return {
    files: from(upTo(fileCount)).pipe(map(upload), asked),
    previews: timer(firstPreview, betweenPreviews).pipe(
      take(previewCount),
      map((index) => preview(index + 1)),
      asked,
    ),
    clicks: timer(click).pipe(map(save), asked),
  };
}

/** A job that fails stops no other one. */
function sending(live: LiveRun): Send {
  return ({ name, requests }, operator = identity) =>
    concat(...requests.map((request) => request.pipe(operator))).pipe(
      live.act(name),
      catchError(() => EMPTY),
    );
}

function tracedOf(controls: Controls | undefined): readonly Traced[] {
  if (controls === undefined) return [];
  const { slots, uploads } = controls;
  return [
    { name: String(slots), state: slots, steps: trace(slots) },
    ...(uploads === undefined ? [] : [{ name: String(uploads), state: uploads, steps: trace(uploads) }]),
  ];
}

function figuresOf(outcome: Outcome | undefined, isOver: boolean): readonly Figure[] {
  if (outcome === undefined) {
    return ['at the server at once', 'refused', 'Save waited', 'files uploaded'].map((label) => ({ label, value: '–' }));
  }
  const { most, refused, uploaded, urgentWaited, isUrgentHeldUp, isUrgentRefused } = outcome;
  return [
    { label: 'at the server at once', value: `${String(most)} units`, ...(refused > 0 && { tone: 'bad' }) },
    { label: 'refused', value: String(refused), tone: refused > 0 ? 'bad' : 'good' },
    {
      label: 'Save waited',
      value: isUrgentRefused ? 'refused' : urgentWaited === undefined ? '–' : `${String(Math.round(urgentWaited))} ms`,
      ...((isUrgentRefused || ((urgentWaited ?? 0) > tooLong && isUrgentHeldUp)) && { tone: 'bad' }),
    },
    {
      label: 'files uploaded',
      value: `${String(uploaded)} of ${String(fileCount)}`,
      ...(isOver && uploaded < fileCount && { tone: 'bad' }),
    },
  ];
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Number.isNaN(value) ? least : value));
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
