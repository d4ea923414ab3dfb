import { signal } from '@angular/core';
import {
  catchError,
  concat,
  concatMap,
  EMPTY,
  finalize,
  ignoreElements,
  map,
  merge,
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

/** The script in milliseconds: the connection is cut after the second note, and is back before the eighth. */
const script = { notes: [0, 200, 750, 900, 1_050, 1_200, 1_350, 2_400], news: 1_100, cut: 550, mended: 2_150 } as const;

/** For who cuts the connection by hand: a note every half a second. */
const pace = 500;

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
    const isByHand = this.settings.cut() === 'hand';
    const isUpFirst = this.isUp();
    const scripted =
      isByHand || !isUpFirst
        ? EMPTY
        : merge(timer(script.cut).pipe(map(() => false)), timer(script.mended).pipe(map(() => true)));
    const flips = concat(isUpFirst ? EMPTY : of(false), merge(this.flips, scripted.pipe(takeUntil(this.flips)))).pipe(
      concatMap((up) => this.connection.change(live.run.id, up)),
    );
    const over = new Subject<void>();
    const notes = this.notes(live, isByHand).pipe(
      tap({
        complete: () => {
          over.next();
        },
      }),
    );
    this.isPlaying = true;
    return {
      events: merge(flips.pipe(takeUntil(over), ignoreElements()), notes).pipe(
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

  /** All requests. One that fails does not end the others. */
  private notes(live: LiveRun, isByHand: boolean): Observable<unknown> {
    const send = (at: number, actor: string, request: () => Observable<unknown>): Observable<unknown> =>
      timer(at).pipe(
        switchMap(() => request().pipe(live.act(actor))),
        catchError(() => EMPTY),
      );
    return merge(
      ...numbers.map((number, index) =>
        send(isByHand ? index * pace : (script.notes[index] ?? 0), nameOf(number), () =>
          live.http.post(live.url(`/notes/${String(number)}`), { text: `note ${String(number)}` }),
        ),
      ),
      send(isByHand ? 3.5 * pace : script.news, news, () =>
        live.http.get(live.url('/news')).pipe(
          tap({
            error: () => {
              live.recording.add(news, 'cancelled', 'no connection');
            },
          }),
        ),
      ),
    );
  }
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
