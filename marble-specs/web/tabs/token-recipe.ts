import { concatMap, defer, from, type Observable, of } from 'rxjs';
import { WebLock } from 'rxjs-locks/web';

/** A pair of tokens. Each refresh token works once. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

const lock = new WebLock('token-refresh');

/**
 * Emits tokens other than those that failed. There is one refresh for all tabs:
 *
 * 1. The tokens are in IndexedDB. A tab can read an old value of `localStorage`, even inside the lock.
 * 2. Inside the lock, the stored token is compared with the one **that failed**. If they differ, another tab has refreshed.
 * 3. `use` holds the lock until the new tokens are stored, though the caller may have left by then.
 * 4. If the server refuses to refresh, look again before giving up: a tab that has lost its lock can still store what it got.
 */
function renew(failed: Tokens): Observable<Tokens> {
  return lock.use(() => newTokens(failed));
}

async function newTokens(failed: Tokens): Promise<Tokens> {
  const stored = await storedTokens();
  if (stored.access !== failed.access) {
    return stored;
  }
  const response = await fetch('/refresh', { method: 'POST', body: stored.refresh });
  const now = await storedTokens(); // fails after a logout
  if (now.access !== failed.access) {
    return now;
  }
  if (!response.ok) {
    throw new Error('the session has ended');
  }
  const tokens = (await response.json()) as Tokens;
  await writeTokens(tokens);
  return tokens;
}

/** Sends a request with the stored token. If the server does not take it, sends the request again with new tokens. */
export function request(path: string): Observable<Response> {
  return defer(() => from(storedTokens())).pipe(
    concatMap((tokens) =>
      send(path, tokens).pipe(
        concatMap((response) =>
          response.status === 401 ? renew(tokens).pipe(concatMap((renewed) => send(path, renewed))) : of(response),
        ),
      ),
    ),
  );
}

function send(path: string, { access }: Tokens): Observable<Response> {
  return defer(() => fetch(path, { headers: { authorization: access } }));
}

async function storedTokens(): Promise<Tokens> {
  const tokens = await inStore('readonly', (store) => store.get('tokens') as IDBRequest<Tokens | undefined>);
  if (tokens === undefined) {
    throw new Error('nobody is logged in');
  }
  return tokens;
}

export async function writeTokens(tokens: Tokens): Promise<void> {
  await inStore('readwrite', (store) => store.put(tokens, 'tokens'));
}

/** Runs one request in a transaction, and waits until the transaction is complete: then all tabs read what it wrote. */
async function inStore<T>(mode: IDBTransactionMode, task: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await openDatabase();
  try {
    const transaction = database.transaction('session', mode);
    const { result } = await new Promise<IDBRequest<T>>((resolve, reject) => {
      const asked = task(transaction.objectStore('session'));
      transaction.oncomplete = () => {
        resolve(asked);
      };
      transaction.onabort = () => {
        reject(transaction.error ?? new Error('the transaction was aborted'));
      };
    });
    return result;
  } finally {
    database.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open('session', 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('session');
    };
    asked.onsuccess = () => {
      resolve(asked.result);
    };
    asked.onerror = () => {
      reject(asked.error ?? new Error('the database cannot be opened'));
    };
  });
}
