import { trace } from 'rxjs-locks';

import type { Contestant } from '../../stage/scenario';
import type { Traced } from '../../run/live-run';
import { saveAll as concatenated } from './contestants/concat-map';
import concatMapSource from './contestants/concat-map.ts?source' with { loader: 'text' };
import { saveAll as debounced } from './contestants/debounce';
import debounceSource from './contestants/debounce.ts?source' with { loader: 'text' };
import { saveAll as latest } from './contestants/exhaust-map-latest';
import latestSource from './contestants/exhaust-map-latest.ts?source' with { loader: 'text' };
import { saveAll as merged } from './contestants/nothing';
import nothingSource from './contestants/nothing.ts?source' with { loader: 'text' };
import { saveAll as switched } from './contestants/switch-map';
import switchMapSource from './contestants/switch-map.ts?source' with { loader: 'text' };
import { lock, saveAll as locked } from './contestants/with-lock';
import withLockSource from './contestants/with-lock.ts?source' with { loader: 'text' };
import type { SaveAll } from './edit';

export interface SaveContestant extends Contestant {
  readonly saveAll: SaveAll;
  readonly primitives?: readonly Traced[];
}

export const contestants: readonly [SaveContestant, ...SaveContestant[]] = [
  {
    id: 'nothing',
    name: 'nothing',
    remark:
      'Each edit is sent at once. The server answers in its own order, and an older save overwrites a newer one. There is no error.',
    source: nothingSource,
    saveAll: merged,
  },
  {
    id: 'switch-map',
    name: 'switchMap',
    remark:
      'Right for reading: the last search wins. A save that was sent is only abandoned. The server goes on with it, and commits it after the newer one.',
    source: switchMapSource,
    saveAll: switched,
  },
  {
    id: 'debounce',
    name: 'debounceTime + switchMap',
    remark:
      'Fewer saves, so the accident becomes rare. It does not become impossible: who pauses for 200 ms during a slow save gets it. Nothing is saved while you type.',
    source: debounceSource,
    saveAll: debounced,
  },
  {
    id: 'concat-map',
    name: 'concatMap',
    remark:
      'Right, and plain RxJS: for one stream in one place, take it. It saves every edit, and the queue cannot be seen or shared.',
    source: concatMapSource,
    saveAll: concatenated,
  },
  {
    id: 'with-lock',
    name: 'withLock',
    remark: 'The order of concatMap across streams, components and services that share the lock. It saves every edit.',
    source: withLockSource,
    saveAll: locked,
    primitives: [{ name: String(lock), state: lock, steps: trace(lock) }],
  },
  {
    id: 'exhaust-map-latest',
    name: 'exhaustMapLatest',
    remark:
      'One save at a time, then the latest edit. The first edit is saved at once, the last one surely, and nothing waits in a queue.',
    source: latestSource,
    saveAll: latest,
  },
];
