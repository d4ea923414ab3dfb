import type { Observable } from 'rxjs';

import type { Tokens } from '../../../backend/contract';
import type { Contestant } from '../../stage/scenario';
import * as inDatabase from './contestants/indexed-db';
import indexedDbSource from './contestants/indexed-db.ts?source' with { loader: 'text' };
import * as inLocalStorage from './contestants/local-storage';
import localStorageSource from './contestants/local-storage.ts?source' with { loader: 'text' };
import oneTabSource from './contestants/one-tab.ts?source' with { loader: 'text' };
import * as database from './database';

/** How the tabs share a token. */
export interface Refreshing {
  read(): Tokens | Promise<Tokens>;
  write(tokens: Tokens): unknown;
  renewed(failed: Tokens, refresh: (tokens: Tokens) => Observable<Tokens>): Observable<Tokens>;
}

export interface RefreshWay extends Contestant {
  readonly refreshing: Refreshing;
}

/** What the page can show: the work in one tab, or a way to refresh. */
export type Way = Contestant | RefreshWay;

export const takeOver: Way = {
  id: 'take-over',
  name: 'Work in one tab',
  remark:
    'withLock() ends the section with a LockLostError if the lock is lost, and retry() puts the tab into the queue again. If an on and off is all you need, as for a socket, leader(name) is a boolean that does the same.',
  source: oneTabSource,
};

/** The best one last. */
export const refreshWays: readonly [RefreshWay, ...RefreshWay[]] = [
  {
    id: 'local-storage',
    name: 'Refresh, localStorage',
    remark:
      'The lock is right: a WebLock in its place changes nothing. But each process has a copy of localStorage, and the lock can be granted before the new token has come. Then the tab sends a refresh token that was used.',
    source: localStorageSource,
    refreshing: { read: inLocalStorage.read, write: inLocalStorage.write, renewed: inLocalStorage.renewed },
  },
  {
    id: 'indexed-db',
    name: 'Refresh, IndexedDB',
    remark:
      'The same look inside the lock, at a storage that is the same for all tabs. In Angular, call it in refresh() of the session of refreshOn401: that makes one refresh of many requests in a tab, and the lock one of all tabs.',
    source: indexedDbSource,
    refreshing: { ...database, renewed: inDatabase.renewed },
  },
];

export const ways: readonly [Way, ...Way[]] = [takeOver, ...refreshWays];
