/**
 * The sleep of the page. A page in the back/forward cache runs no code, and a frozen page hardly any. A lock that such a page holds
 * or is granted would block all others. So it gives up everything before it sleeps.
 *
 * ```
 *   into the cache   pagehide (persisted) ─ freeze ······ resume ─ pageshow     Chrome
 *                    pagehide (persisted) ······················· pageshow     a browser without freeze
 *   frozen           freeze ····································· resume
 * ```
 */
import { outsideZones } from '../../internal/remote/index.js';

export interface Sleeper {
  /** The page is about to sleep. */
  sleep(why: string): void;
  wake(): void;
}

interface Target {
  addEventListener(type: string, listener: (event: { readonly persisted?: boolean }) => void): void;
}

const host = globalThis as Partial<Target> & { readonly document?: Target };

/** The copies below matter: the loss of a permit runs foreign code, by which sleepers come and go. */
const sleepers = new Set<Sleeper>();
let isAsleep = false;
let isListening = false;

/** Whether the page sleeps, and nothing should be asked. */
export function pageSleeps(): boolean {
  return isAsleep;
}

export function joinPage(sleeper: Sleeper): void {
  isListening ||= outsideZones(listen);
  sleepers.add(sleeper);
}

export function leavePage(sleeper: Sleeper): void {
  sleepers.delete(sleeper);
}

/**
 * Returns whether there is a page. Workers and Node have none, and a worker gets no sign of the sleep of its page. The functions
 * have names, since a function that is added again is not called twice.
 */
function listen(): boolean {
  host.addEventListener?.('pagehide', cached);
  host.addEventListener?.('pageshow', wakeUp);
  host.document?.addEventListener('freeze', frozen);
  host.document?.addEventListener('resume', wakeUp);
  return host.document !== undefined;
}

function cached({ persisted }: { readonly persisted?: boolean }): void {
  if (persisted === true) {
    fallAsleep('the page was put into the back/forward cache');
  }
}

function frozen(): void {
  fallAsleep('the page was frozen');
}

function fallAsleep(why: string): void {
  if (!isAsleep) {
    isAsleep = true;
    for (const sleeper of [...sleepers]) {
      if (pageSleeps()) {
        sleeper.sleep(why); // the code of another sleeper has not woken the page
      }
    }
  }
}

function wakeUp(): void {
  if (isAsleep) {
    isAsleep = false;
    for (const sleeper of [...sleepers]) {
      sleeper.wake();
    }
  }
}
