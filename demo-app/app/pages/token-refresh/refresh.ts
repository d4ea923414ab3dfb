import { signal } from '@angular/core';
import {
  asapScheduler,
  catchError,
  EMPTY,
  filter,
  finalize,
  merge,
  type Observable,
  observeOn,
  skip,
  Subject,
  switchMap,
  take,
  takeUntil,
  tap,
} from 'rxjs';

import type { LiveRun } from '../../run/live-run';
import type { Recording } from '../../run/recording';
import type { Contestant, Figure, Judgement, Scenario, Started } from '../../stage/scenario';
import { Auth } from './auth';
import { contestants } from './contestants';

const items = Array.from({ length: 20 }, (_, index) => index + 1);

export interface Trouble {
  readonly id: string;
  readonly name: string;
}

export const troubles: readonly Trouble[] = [
  { id: 'none', name: 'all well' },
  { id: 'refresh-fails', name: 'the refresh fails' },
  { id: 'caller-leaves', name: 'the first caller leaves' },
  { id: 'late-401', name: 'a late 401' },
  { id: 'session-dead', name: 'the session is dead' },
];

/** Twenty requests with an expired token, all at once. */
export class Refresh implements Scenario {
  readonly contestants = contestants;
  readonly span = 2_500;
  readonly timeLimit = 20_000;
  readonly stillness = 2_500;
  readonly trouble = signal('caller-leaves');
  readonly settings = { trouble: this.trouble };
  readonly idle: Judgement = {
    verdict: {
      tone: 'idle',
      headline: 'Twenty requests, one expired token',
      detail: 'The server answers each of them with 401 until the token is refreshed.',
    },
    figures: figuresOf({ refreshes: 0, requests: 0, hung: 0, failed: 0 }).map(({ label }) => ({ label, value: '–' })),
  };

  readonly actors = (): readonly string[] => ['refresh', ...items.map(nameOf)];

  readonly nameOf = (request: string): string | undefined => {
    if (request === 'POST /session/refresh') return 'refresh';
    const item = /^GET \/items\/(\d+)$/.exec(request)?.[1];
    return item === undefined ? undefined : nameOf(Number(item));
  };

  start(_contestant: Contestant, live: LiveRun): Started {
    const auth = live.injector.get(Auth);
    auth.url = live.url('/session');
    const get = (item: number): Observable<unknown> =>
      live.http.get(live.url(`/items/${String(item)}`)).pipe(
        live.act(nameOf(item)),
        catchError(() => EMPTY),
      );
    const over = new Subject<void>();
    const requests = merge(...items.map(get)).pipe(
      finalize(() => {
        over.next();
      }),
    );
    // When all have met their 401, so that the others wait for the refresh. No timer: those of a tab in the background are slow.
    const leave = live.errors.pipe(
      filter((request) => this.trouble() === 'caller-leaves' && request.startsWith('GET /items/')),
      skip(items.length - 1),
      take(1),
      observeOn(asapScheduler),
      tap(() => {
        live.cancel(nameOf(1));
      }),
      takeUntil(over),
    );
    return { events: auth.begin(this.trouble()).pipe(switchMap(() => merge(leave, requests))) };
  }

  judge(_contestant: Contestant, recording: Recording, isOver: boolean): Judgement {
    const log = recording.log();
    const count = (kind: string, path: string): number =>
      log.filter((entry) => entry.kind === kind && entry.request.includes(path)).length;
    const ends = (kind: string): number => recording.moments().filter((moment) => moment.kind === kind).length;
    const [done, failed, hung] = [ends('done'), ends('failed'), ends('hung')];
    const refreshes = count('arrived', '/session/refresh');
    const needless = count('damage', '/session/refresh');
    const figures = figuresOf({ refreshes, requests: count('arrived', '/items/'), hung, failed });
    return { verdict: { ...verdictOf({ done, failed, hung, refreshes, needless, isOver }) }, figures };
  }
}

interface Outcome {
  readonly done: number;
  readonly failed: number;
  readonly hung: number;
  readonly refreshes: number;
  /** Refreshes of a token that was valid. */
  readonly needless: number;
  readonly isOver: boolean;
}

function verdictOf({ done, failed, hung, refreshes, needless, isOver }: Outcome): Judgement['verdict'] {
  if (hung > 0) {
    return {
      tone: 'bad',
      headline: `${String(hung)} of ${String(items.length)} requests hang for ever`,
      detail: 'They wait for a token that never comes. There is no error, and the page keeps its spinners.',
    };
  }
  if (needless > 0) {
    return {
      tone: 'bad',
      headline: `${String(refreshes)} refreshes for one expired token`,
      detail: 'A late 401 of the old token has replaced a token that was valid.',
    };
  }
  if (!isOver) {
    return {
      tone: 'busy',
      headline: `${String(done)} of ${String(items.length)} answered`,
      detail: `The server has seen ${String(refreshes)} ${refreshes === 1 ? 'refresh' : 'refreshes'}.`,
    };
  }
  return failed > 0
    ? {
        tone: 'good',
        headline: `Nobody hangs: ${String(failed)} requests are told`,
        detail: 'The refresh failed, and each of them got its error. The application can show the login, or try again.',
      }
    : {
        tone: 'good',
        headline: `${String(done)} of ${String(items.length)} answered after one refresh`,
        detail:
          done < items.length ? 'The one whose caller left is missing, as it should be.' : 'Each request was sent twice at most.',
      };
}

function figuresOf({
  refreshes,
  requests,
  hung,
  failed,
}: Pick<Outcome, 'refreshes' | 'hung' | 'failed'> & { requests: number }): readonly Figure[] {
  return [
    { label: 'refreshes', value: String(refreshes), ...(refreshes > 1 && { tone: 'bad' }) },
    { label: 'requests', value: String(requests) },
    { label: 'hung', value: String(hung), ...(hung > 0 && { tone: 'bad' }) },
    { label: 'failed', value: String(failed) },
  ];
}

function nameOf(item: number): string {
  return `item ${String(item)}`;
}
