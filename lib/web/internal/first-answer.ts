/**
 * Chrome 156 checks whether the page may use locks, for each request until the first check is over. It overlooks that a request is
 * aborted during its check: the request enters the queue, and stays there until it is granted.
 *
 * ```
 *   request ──► checked ──► in the queue ──► answered
 *           └─ an abort is  └─ an abort
 *              overlooked      withdraws the request
 * ```
 *
 * So a request that was made before the first answer is aborted when a later snapshot has arrived: it is checked as well, and
 * the checks keep their order.
 */
import { localLocks } from './local-locks.js';
import { platformLocks, type LockManager } from './platform.js';

const answering = new WeakSet<LockManager>([localLocks]);
let snapshot: Promise<void> | undefined;

export function hasAnswered(locks: LockManager): boolean {
  return answering.has(locks);
}

export function noteAnswer(locks: LockManager): void {
  answering.add(locks);
}

/** Resolves when the requests that have been made until now have been checked. */
export function requestsAreChecked(): Promise<void> {
  snapshot ??= Promise.resolve().then(async () => {
    snapshot = undefined; // a request that is made from now on needs another one
    try {
      await platformLocks().query();
    } catch {
      // The platform refuses its locks, and has refused the requests.
    }
  });
  return snapshot;
}
