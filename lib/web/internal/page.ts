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

const sleepers = new Set<Sleeper>();
let isAsleep = false;
let isListening = false;

/** Whether the page sleeps, and nothing should be asked. */
export function pageSleeps(): boolean {
  return isAsleep;
}

export function joinPage(sleeper: Sleeper): void {
  if (!isListening) {
    isListening = true;
    outsideZones(listen);
  }
  sleepers.add(sleeper);
}

export function leavePage(sleeper: Sleeper): void {
  sleepers.delete(sleeper);
}

/** Workers and Node have no document, and their pages give no sign. */
function listen(): void {
  const { document } = globalThis as { readonly document?: Partial<Document> };
  if (document?.addEventListener === undefined || typeof addEventListener !== 'function') {
    return;
  }
  addEventListener('pagehide', ({ persisted }) => {
    if (persisted) {
      fallAsleep('the page was put into the back/forward cache');
    }
  });
  addEventListener('pageshow', wakeUp);
  document.addEventListener('freeze', () => {
    fallAsleep('the page was frozen');
  });
  document.addEventListener('resume', wakeUp);
}

function fallAsleep(why: string): void {
  if (!isAsleep) {
    isAsleep = true;
    forEach((sleeper) => {
      sleeper.sleep(why);
    });
  }
}

function wakeUp(): void {
  if (isAsleep) {
    isAsleep = false;
    forEach((sleeper) => {
      sleeper.wake();
    });
  }
}

/** The loss of a permit runs foreign code, by which sleepers come and go. */
function forEach(task: (sleeper: Sleeper) => void): void {
  for (const sleeper of [...sleepers]) {
    if (sleepers.has(sleeper)) {
      task(sleeper);
    }
  }
}
