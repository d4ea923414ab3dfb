import { signal } from '@angular/core';
import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  of,
  Subject,
  switchMap,
  takeUntil,
  tap,
  timer,
} from 'rxjs';

import type { Period } from '../../lanes/lane';
import type { LiveRun } from '../../run/live-run';
import type { Recording } from '../../run/recording';
import type { Figure, Judgement, Scenario, Started } from '../../stage/scenario';
import { Connection } from './connection';
import { contestants, type OfflineContestant } from './contestants';
import { laneOf, nameOf, news, numbers, type Outcome, outcomeOf } from './outcome';

/** The ride in milliseconds. In the tunnel and after it, the times count from the moment when the connection is cut, and is back. */
const ride = {
  before: { notes: [0, 120], length: 550 },
  tunnel: { notes: [100, 200, 300, 400, 500], news: 350, length: 1_700 },
  after: { notes: [200] },
} as const;

/** For who cuts the connection by hand: the time between two notes. */
const pace = 700;

/** Eight notes are sent from a train that runs through a tunnel. */
export class Offline implements Scenario<OfflineContestant> {
  readonly contestants = contestants;
  readonly span = 3_500;
  readonly timeLimit = 60_000;
  readonly settings = { cut: signal('script') };
  readonly idle: Judgement = {
    verdict: {
      tone: 'idle',
      headline: 'Will all eight notes arrive, in order?',
      detail: 'Five of the eight notes are written in the tunnel. The third one is slow at the server.',
    },
    figures: figuresOf(undefined, false),
  };
  readonly periods = { label: 'no connection', of: cutsOf };
  readonly actors = (): readonly string[] => [...numbers.map(nameOf), news];
  readonly nameOf = laneOf;

  private readonly connection = new Connection();
  private readonly flips = new Subject<boolean>();
  private isPlaying = false;
  readonly isUp = this.connection.isUp;

  /** The user flips the switch. In a run, the script leaves it alone from then on. */
  flip(up: boolean): void {
    if (this.isPlaying) this.flips.next(up);
    else this.connection.announce(up);
  }

  start({ primitives }: OfflineContestant, live: LiveRun): Started {
    const change = (up: boolean): Observable<unknown> => this.connection.change(live.run.id, up);
    const isUpFirst = this.isUp();
    const isByHand = this.settings.cut() === 'hand' || !isUpFirst;
    const over = new Subject<void>();
    let isTakenOver = false;
    const flipped = this.flips.pipe(
      tap(() => {
        isTakenOver = true;
      }),
    );
    const flips = concat(isUpFirst ? EMPTY : of(false), flipped).pipe(concatMap(change), takeUntil(over), ignoreElements());
    const unlessTakenOver = (up: boolean): Observable<unknown> => defer(() => (isTakenOver ? EMPTY : change(up)));
    const notes = (isByHand ? steady(live) : scripted(live, unlessTakenOver)).pipe(
      tap({
        complete: () => {
          over.next();
        },
      }),
    );
    this.isPlaying = true;
    return {
      events: merge(flips, notes).pipe(
        finalize(() => {
          this.isPlaying = false;
          if (!this.isUp()) this.connection.announce(true);
        }),
      ),
      primitives: primitives?.(live.injector) ?? [],
    };
  }

  judge(_contestant: OfflineContestant, recording: Recording, isOver: boolean): Judgement {
    const outcome = outcomeOf(recording.log(), recording.moments());
    const { arrived, cancelled, damages, hung, lost, waiting } = outcome;
    const figures = figuresOf(outcome, isOver);
    const all = numbers.length;
    const detail = `At the server, in its order: ${arrived.join(' ') || 'nothing yet'}.`;
    const bad = (headline: string): Judgement => ({ verdict: { tone: 'bad', headline, detail }, figures });
    if (lost.length > 0) return bad(`${String(lost.length)} of ${String(all)} notes are lost`);
    if (hung > 0) return bad(`${String(hung)} of ${String(all)} notes hang`);
    if (damages.length > 0) {
      return bad(damages.includes('came twice') ? 'A note came twice' : 'Out of order: an early note came late');
    }
    if (isOver) {
      const headline = `${String(arrived.length)} of ${String(all - cancelled)} notes arrived, in order`;
      return { verdict: { tone: 'good', headline, detail }, figures };
    }
    const headline = `${String(arrived.length)} of ${String(all)} notes arrived, ${String(waiting)} wait`;
    return { verdict: { tone: 'busy', headline, detail }, figures };
  }
}

/** The first notes are sent one after another, and then the connection is cut, so that none is cut on its way. */
function scripted(live: LiveRun, change: (up: boolean) => Observable<unknown>): Observable<unknown> {
  const { before, tunnel, after } = ride;
  const [first, inside] = [before.notes.length, before.notes.length + tunnel.notes.length];
  const phases = concat(
    merge(timer(before.length), concat(...before.notes.map((at, index) => note(live, index + 1, at)))).pipe(ignoreElements()),
    concat(change(false).pipe(ignoreElements()), of('tunnel')),
    timer(tunnel.length).pipe(ignoreElements()),
    concat(change(true).pipe(ignoreElements()), of('after')),
  );
  return phases.pipe(
    mergeMap((phase) =>
      phase === 'tunnel'
        ? merge(...tunnel.notes.map((at, index) => note(live, first + index + 1, at)), newsOf(live, tunnel.news))
        : merge(...after.notes.map((at, index) => note(live, inside + index + 1, at))),
    ),
  );
}

function steady(live: LiveRun): Observable<unknown> {
  return merge(...numbers.map((number, index) => note(live, number, index * pace)), newsOf(live, 3.5 * pace));
}

function note(live: LiveRun, number: number, at: number): Observable<unknown> {
  const body = { text: nameOf(number) };
  return sent(live, nameOf(number), at, () => live.http.post(live.url(`/notes/${String(number)}`), body));
}

/** The news are not held at the gate. Without a connection they are missing, not lost. */
function newsOf(live: LiveRun, at: number): Observable<unknown> {
  return sent(live, news, at, () =>
    live.http.get(live.url('/news')).pipe(
      tap({
        error: () => {
          live.recording.add(news, 'cancelled', 'no connection');
        },
      }),
    ),
  );
}

/** A request that fails does not end the others. */
function sent(live: LiveRun, actor: string, at: number, request: () => Observable<unknown>): Observable<unknown> {
  return timer(at).pipe(
    switchMap(() => request().pipe(live.act(actor))),
    catchError(() => EMPTY),
  );
}

/** When the server hung up on the run. */
function cutsOf(recording: Recording): readonly Period[] {
  const changes = recording.log().filter(({ request, kind }) => request === 'PUT /line' && kind === 'note');
  return changes.flatMap(({ text, at }, index) => (text === 'cut' ? { from: at, to: changes[index + 1]?.at ?? null } : []));
}

function figuresOf(outcome: Outcome | undefined, isOver: boolean): readonly Figure[] {
  const labels = ['notes at the server', 'lost', 'failed attempts', 'in order'] as const;
  if (outcome === undefined) return labels.map((label) => ({ label, value: '–' }));
  const { arrived, damages, failedAttempts, lost } = outcome;
  const isInOrder = damages.length === 0;
  return [
    { label: labels[0], value: `${String(new Set(arrived).size)} of ${String(numbers.length)}` },
    {
      label: labels[1],
      value: String(lost.length),
      ...((isOver || lost.length > 0) && { tone: lost.length > 0 ? 'bad' : 'good' }),
    },
    { label: labels[2], value: String(failedAttempts) },
    { label: labels[3], value: isInOrder ? 'yes' : 'no', ...((isOver || !isInOrder) && { tone: isInOrder ? 'good' : 'bad' }) },
  ];
}
