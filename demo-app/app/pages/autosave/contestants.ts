import type { Contestant } from '../../stage/scenario';
import { saveAll as caught } from './contestants/catch-error';
import catchErrorSource from './contestants/catch-error.ts?source' with { loader: 'text' };
import { saveAll as concatenated } from './contestants/concat-map';
import concatMapSource from './contestants/concat-map.ts?source' with { loader: 'text' };
import { saveAll as exhausted } from './contestants/exhaust-map';
import exhaustMapSource from './contestants/exhaust-map.ts?source' with { loader: 'text' };
import { saveAll as latest } from './contestants/exhaust-map-latest';
import latestSource from './contestants/exhaust-map-latest.ts?source' with { loader: 'text' };
import { saveAll as switched } from './contestants/switch-map';
import switchMapSource from './contestants/switch-map.ts?source' with { loader: 'text' };
import { saveAll as retried } from './contestants/switch-map-retry';
import switchMapRetrySource from './contestants/switch-map-retry.ts?source' with { loader: 'text' };
import type { SaveAll } from './edit';

export interface AutosaveContestant extends Contestant {
  readonly saveAll: SaveAll;
  /** The pause after a number of refused tries of one edit, in milliseconds. Without it, nothing is tried again. */
  readonly backOff?: (tries: number) => number;
  /** Whether an edit that comes during a save is forgotten. */
  readonly drops?: boolean;
}

const halfASecond = (): number => 500;

export const contestants: readonly [AutosaveContestant, ...AutosaveContestant[]] = [
  {
    id: 'switch-map',
    name: 'switchMap',
    remark:
      'A refused save is an error, and an error ends the stream. Nothing that is typed afterwards is saved, and nothing says so.',
    source: switchMapSource,
    saveAll: switched,
  },
  {
    id: 'catch-error',
    name: 'catchError',
    remark: 'The stream lives on, and the next edit makes up for a refused one. But after the last edit no other one comes.',
    source: catchErrorSource,
    saveAll: caught,
  },
  {
    id: 'exhaust-map',
    name: 'exhaustMap + retry',
    remark:
      'Right for a submit button. Here it drops each edit that comes during a save or its retries, and so the latest one too.',
    source: exhaustMapSource,
    saveAll: exhausted,
    backOff: halfASecond,
    drops: true,
  },
  {
    id: 'switch-map-retry',
    name: 'switchMap + retry',
    remark:
      'Plain RxJS, and nothing is lost to an outage. But nothing is saved while you type, and a slow save that is abandoned can overwrite a newer one: see Stale saves.',
    source: switchMapRetrySource,
    saveAll: retried,
    backOff: halfASecond,
  },
  {
    id: 'concat-map',
    name: 'concatMap + retry',
    remark:
      'Plain RxJS, and right: for few edits, take it. It saves every edit, so a long outage leaves a long queue of old ones.',
    source: concatMapSource,
    saveAll: concatenated,
    backOff: halfASecond,
  },
  {
    id: 'exhaust-map-latest',
    name: 'exhaustMapLatest + retry',
    remark:
      'One save at a time, and each pause is longer. If a newer edit came during the pause, filter lets the retry end, and exhaustMapLatest saves the newest.',
    source: latestSource,
    saveAll: latest,
    backOff: (tries) => 500 * tries,
  },
];
