/**
 * A wait can last although nobody uses the lock:
 *
 * - Chrome lets a page into the back/forward cache that holds a lock. It throws the page out of the cache when somebody calls
 *   `query()`, and its locks pass on.
 * - A queue of Node forgets its waiters if a thread died that held the lock. A request with `ifAvailable` reminds it.
 *
 * So while a claim has waited for a second, the platform is nudged once a second, for all claims together.
 */
import { isNode, platformLocks } from './platform.js';

const PERIOD = 1000;

interface Waiting {
  readonly name: string;
  readonly since: number;
}

/** The claims that wait, the oldest first. */
const waiting = new Map<object, Waiting>();

let timer: ReturnType<typeof setInterval> | undefined;

export function startNudging(claim: object, name: string): void {
  waiting.set(claim, { name, since: performance.now() });
  if (timer === undefined) {
    timer = setInterval(nudgeIfDue, PERIOD);
    (timer as { unref?(): void }).unref?.(); // in Node, the timer keeps no process alive
  }
}

export function endNudging(claim: object): void {
  waiting.delete(claim);
  if (waiting.size === 0) {
    clearInterval(timer);
    timer = undefined;
  }
}

function nudgeIfDue(): void {
  const now = performance.now();
  if ([...waiting.values()].some(({ since }) => now - since >= PERIOD)) {
    nudge();
  }
}

function nudge(): void {
  try {
    const locks = platformLocks();
    if (!isNode()) {
      locks.query().catch(ignore);
      return;
    }
    for (const name of new Set([...waiting.values()].map((each) => each.name))) {
      locks.request(name, { ifAvailable: true }, ignore).catch(ignore);
    }
  } catch {
    // Without Web Locks, the claims wait for locks of this page.
  }
}

function ignore(): void {
  // A nudge needs no answer.
}
