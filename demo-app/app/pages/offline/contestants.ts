import type { HttpInterceptorFn } from '@angular/common/http';
import type { EnvironmentInjector } from '@angular/core';
import { trace } from 'rxjs-locks';
import { ONLINE } from 'rxjs-locks/angular';

import type { Traced } from '../../run/live-run';
import type { Contestant } from '../../stage/scenario';
import { interceptor as fromEvents } from './contestants/from-event';
import fromEventSource from './contestants/from-event.ts?source' with { loader: 'text' };
import { interceptors as gate } from './contestants/gate';
import gateSource from './contestants/gate.ts?source' with { loader: 'text' };
import { interceptors as none } from './contestants/nothing';
import nothingSource from './contestants/nothing.ts?source' with { loader: 'text' };
import { interceptor as retry } from './contestants/retry';
import { interceptor as retryForEver } from './contestants/retry-for-ever';
import retryForEverSource from './contestants/retry-for-ever.ts?source' with { loader: 'text' };
import retrySource from './contestants/retry.ts?source' with { loader: 'text' };
import { LOCKS } from './locks';

export interface OfflineContestant extends Contestant {
  readonly interceptors: () => readonly HttpInterceptorFn[];
  readonly primitives?: (injector: EnvironmentInjector) => readonly Traced[];
}

export const contestants: readonly [OfflineContestant, ...OfflineContestant[]] = [
  {
    id: 'nothing',
    name: 'nothing',
    remark: 'Right for reading: the page can show what it has. But each write is lost, unless its caller tries again.',
    source: nothingSource,
    interceptors: () => none,
  },
  {
    id: 'retry',
    name: 'retry(3)',
    remark: 'Plain RxJS, and right for a hiccup. It gives up after 0.3 s: a tunnel is longer than any count.',
    source: retrySource,
    interceptors: () => [retry],
  },
  {
    id: 'retry-for-ever',
    name: 'retry without a count',
    remark:
      'Nothing is lost, but each request knocks every 0.2 s, all the time and all by itself. At the return they come in any order.',
    source: retryForEverSource,
    interceptors: () => [retryForEver],
  },
  {
    id: 'from-event',
    name: "fromEvent(window, 'online')",
    remark:
      'Plain RxJS: nothing is lost, and nothing is tried in vain. If the order does not matter, take it. At the return all are sent at once, and a slow one lands last.',
    source: fromEventSource,
    interceptors: () => [fromEvents],
  },
  {
    id: 'gate',
    name: 'gateRequests(ONLINE)',
    remark:
      'Writes wait at the gate, and pass it in order, one at a time. A later note queues behind them. A GET is not held: it fails at once. A request that is cut on its way still fails.',
    source: gateSource,
    interceptors: () => gate,
    primitives: (injector: EnvironmentInjector): Traced[] => {
      const [online, locks] = [injector.get(ONLINE), injector.get(LOCKS)];
      return [
        { name: String(online), state: online, steps: trace(online) },
        { name: String(locks), steps: trace(locks) },
      ];
    },
  },
];
