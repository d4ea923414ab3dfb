import type { LogEntry, Steps } from '../../../backend/contract';
import type { Judgement } from '../../stage/scenario';
import { stopped } from '../../shared/verdict';
import type { Seat } from './room';

/** What the server saw in a run of refreshes. */
export interface Counts {
  /** How often the access token expired. */
  readonly rounds: number;
  readonly refreshes: number;
  /** The rounds with more than one refresh. */
  readonly again: number;
  /** Refreshes that the server refused, since their token was used before. Such a request fails. */
  readonly refused: number;
}

/** Before the first round. */
export const none: Counts = { rounds: 0, refreshes: 0, again: 0, refused: 0 };

/** Counts the refreshes in the log of the server, and in which rounds there was more than one. */
export function countsOf(log: readonly LogEntry[]): Counts {
  const refreshes: number[] = [];
  let refused = 0;
  for (const { kind, request, status = 0 } of log) {
    const isRefresh = request.startsWith('POST /rotation/refresh/');
    if (kind === 'arrived' && request === 'POST /rotation/expire') refreshes.push(0);
    if (kind === 'arrived' && isRefresh) refreshes.push((refreshes.pop() ?? 0) + 1);
    if (kind === 'answered' && isRefresh && status >= 400) refused += 1;
  }
  return {
    rounds: refreshes.length,
    refreshes: refreshes.reduce((sum, each) => sum + each, 0),
    again: refreshes.filter((each) => each > 1).length,
    refused,
  };
}

/** A run of refreshes, as the tab that began it tells the others. */
export interface SharedRun {
  readonly id: string;
  /** The id of the contestant. */
  readonly way: string;
  readonly by: Seat;
  /** How many tabs took part. */
  readonly tabs: number;
  readonly state: 'running' | 'ended' | 'stopped';
  readonly counts: Counts;
}

/** How often the token expires in a run. */
export const rounds = 30;

export const idle: Judgement = {
  verdict: {
    tone: 'idle',
    headline: 'How often do the tabs refresh?',
    detail: `The token expires ${String(rounds)} times. Each time, all tabs get a 401.`,
  },
  figures: figuresOf(undefined),
};

export function judgeRun(run: SharedRun | undefined): Judgement {
  return run === undefined ? idle : { verdict: verdictOf(run), figures: figuresOf(run) };
}

function verdictOf({ state, tabs, way, counts }: SharedRun): Judgement['verdict'] {
  const { again, refused, rounds: seen } = counts;
  const of = `${String(seen)} rounds`;
  if (state === 'stopped') return stopped;
  if (state === 'running') {
    return {
      tone: 'busy',
      headline: `Round ${String(Math.min(seen + 1, rounds))} of ${String(rounds)}`,
      detail: again === 0 ? 'One refresh in each round so far.' : `Two refreshes in ${String(again)} rounds so far.`,
    };
  }
  if (again > 0 || refused > 0) {
    return {
      tone: 'bad',
      headline: `Refreshed twice in ${String(again)} of ${of}`,
      detail: `${counted(refused, 'request')} failed: the refresh token had been used before.`,
    };
  }
  if (tabs < 2) {
    return {
      tone: 'idle',
      headline: 'One tab alone proves nothing',
      detail: 'Open a second tab, and let the token expire again.',
    };
  }
  if (way === 'local-storage') {
    return {
      tone: 'idle',
      headline: `Not this time: once in each of ${of}`,
      detail: 'This race can end well. Run it again, or open a third tab.',
    };
  }
  return {
    tone: 'good',
    headline: `Refreshed once in each of ${of}`,
    detail: `${String(tabs)} tabs had a 401 at the same time, and no request failed.`,
  };
}

function figuresOf(run: SharedRun | undefined): Judgement['figures'] {
  const { rounds: seen, refreshes, again, refused } = run?.counts ?? none;
  const isJudged = run?.state === 'ended' && run.tabs > 1;
  const figure = (label: string, value: number, tone?: 'good' | 'bad'): Judgement['figures'][number] => ({
    label,
    value: run === undefined ? '–' : String(value),
    ...(isJudged && tone !== undefined && { tone }),
  });
  return [
    figure('rounds', seen),
    figure('refreshes', refreshes),
    figure('rounds with two', again, again > 0 ? 'bad' : 'good'),
    figure('failed requests', refused, refused > 0 ? 'bad' : 'good'),
  ];
}

/** The work, as the server counts it. */
export function judgeWork(worker: Seat | undefined, tabs: readonly Seat[], steps: Steps | undefined): Judgement {
  const late = steps?.late ?? 0;
  const count = (value: number | null | undefined): string => (value === undefined || value === null ? '–' : String(value));
  return {
    verdict: workVerdict(worker, tabs, steps),
    figures: [
      { label: 'steps at the server', value: count(steps?.steps) },
      { label: 'terms', value: count(steps?.terms) },
      { label: 'last gap in ms', value: count(steps?.gap) },
      { label: 'late steps', value: count(steps?.late), ...(steps !== undefined && { tone: late > 0 ? 'bad' : 'good' }) },
    ],
  };
}

function workVerdict(worker: Seat | undefined, tabs: readonly Seat[], steps: Steps | undefined): Judgement['verdict'] {
  if (worker === undefined || steps === undefined) {
    return { tone: 'busy', headline: 'No tab works yet', detail: 'The first tab in the queue gets the lock.' };
  }
  const works = `Tab ${String(worker.tab)} works`;
  if (steps.late > 0) {
    return {
      tone: 'bad',
      headline: `${works}, but ${counted(steps.late, 'step')} came late`,
      detail: 'They were on their way when another tab got the lock.',
    };
  }
  if (tabs.length < 2) {
    return {
      tone: 'idle',
      headline: `${works} alone`,
      detail: 'Open a second tab: it takes over when this one goes.',
    };
  }
  const others = tabs.filter(({ life }) => life !== worker.life).map(({ tab }) => tab);
  const waiting = others.length === 1 ? `tab ${others.join()} waits` : `tabs ${others.join(', ')} wait`;
  return {
    tone: 'good',
    headline: `${works}, ${waiting}`,
    detail: `The server never saw two tabs at once, in ${counted(steps.terms, 'term')}.`,
  };
}

function counted(count: number, name: string): string {
  return `${String(count)} ${name}${count === 1 ? '' : 's'}`;
}
