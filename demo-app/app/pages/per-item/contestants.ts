import type { EnvironmentInjector, Signal } from '@angular/core';
import type { KeyedLock } from 'rxjs-locks';

import type { Contestant } from '../../stage/scenario';
import { saveAll as concatenated } from './contestants/concat-map';
import concatMapSource from './contestants/concat-map.ts?source' with { loader: 'text' };
import { locks, saveAll as byKey } from './contestants/concat-map-by-key';
import byKeySource from './contestants/concat-map-by-key.ts?source' with { loader: 'text' };
import { saveAll as grouped } from './contestants/group-by';
import groupBySource from './contestants/group-by.ts?source' with { loader: 'text' };
import { saveAll as merged } from './contestants/merge-map';
import mergeMapSource from './contestants/merge-map.ts?source' with { loader: 'text' };
import * as aborting from './contestants/serialize-abort';
import abortSource from './contestants/serialize-abort.ts?source' with { loader: 'text' };
import * as finishing from './contestants/serialize-finish';
import finishSource from './contestants/serialize-finish.ts?source' with { loader: 'text' };
import type { SaveAll } from './edit';

export interface SaveContestant extends Contestant {
  readonly saveAll: SaveAll;
  readonly locks?: (injector: EnvironmentInjector) => KeyedLock;
}

export const waysToCancel = ['finish', 'abort'] as const;

/** The contestant whose option `onCancel` is a setting of the page. */
export function serialized(onCancel: Signal<string>): SaveContestant {
  const aborts = (): boolean => onCancel() === 'abort';
  return {
    id: 'serialize',
    name: 'serializeRequests',
    get remark() {
      return aborts()
        ? 'The abort ends the wait of the page alone. The server goes on with the old save, and commits it after the newer ones: that is what switchMap does without the interceptor.'
        : 'Each editor cancels its older save by switchMap. A save that was sent runs to its answer and the next one waits; a save that waits is never sent. For all services, in one place.';
    },
    get source() {
      return aborts() ? abortSource : finishSource;
    },
    interceptors: () => (aborts() ? aborting.interceptors : finishing.interceptors),
    get saveAll() {
      return aborts() ? aborting.saveAll : finishing.saveAll;
    },
    locks: (injector) => injector.get(aborts() ? aborting.LOCKS : finishing.LOCKS),
  };
}

export const plain: readonly [SaveContestant, ...SaveContestant[]] = [
  {
    id: 'merge-map',
    name: 'mergeMap',
    remark: 'No save waits, not even for an older one of its own document. The slow third save lands last.',
    source: mergeMapSource,
    saveAll: merged,
  },
  {
    id: 'concat-map',
    name: 'concatMap',
    remark: 'Plain RxJS, and right for one document. With several, each waits for the slow save of another one.',
    source: concatMapSource,
    saveAll: concatenated,
  },
  {
    id: 'group-by',
    name: 'groupBy + concatMap',
    remark:
      'Plain RxJS, and right: take it for one stream of few documents. A group is kept for each document that ever came, and a second stream or service does not know of the queues.',
    source: groupBySource,
    saveAll: grouped,
  },
  {
    id: 'concat-map-by-key',
    name: 'concatMapByKey',
    remark:
      'Forgets a document when its last save has ended. With the option locks, other streams and services wait in the same queues. The option keep skips all edits that wait but the latest.',
    source: byKeySource,
    saveAll: byKey,
    locks: () => locks,
  },
];
