/** The tokens in IndexedDB. A transaction that begins when another one is complete reads what that one wrote, in each tab. */
import type { Tokens } from '../../../backend/contract';

const store = 'session';

export async function read(): Promise<Tokens> {
  return inStore('readonly', (session) => session.get('tokens') as IDBRequest<Tokens>);
}

export async function write(tokens: Tokens): Promise<void> {
  await inStore('readwrite', (session) => session.put(tokens, 'tokens'));
}

/** Makes one request, and waits until its transaction is complete. */
async function inStore<T>(mode: IDBTransactionMode, ask: (session: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = ask(transaction.objectStore(store));
      transaction.oncomplete = () => {
        resolve(request.result);
      };
      transaction.onabort = () => {
        reject(transaction.error ?? new Error('the transaction was aborted'));
      };
    });
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('two-tabs', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(store);
    };
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('the database cannot be opened'));
    };
  });
}
