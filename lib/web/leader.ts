import { Observable, repeat, startWith, switchMap } from 'rxjs';

import { checkOptions } from '../internal/checks/arguments.js';
import { WebLock, type WebLockOptions } from './web-lock.js';
import type { WebPermit } from './web-permit.js';

/**
 * Emits whether this subscriber leads: whether it is the one of its origin that does what must be done once, such as to keep a
 * socket open for all tabs.
 *
 * ```
 * a in one tab        ft------------
 * b in another tab    f------t------
 * the first tab ends  -----x
 * ```
 *
 * It emits `false` inside `subscribe`, and `true` when it leads. Consecutive values differ, and it never completes. A leader that
 * is robbed of its lock, or whose page sleeps, emits `false` and stands for election again, at the end of the queue.
 *
 * **Order.** First come, first served, as a {@link WebLock} of the same name.
 *
 * **Cancel safety.** Unsubscribing, closing the tab and a crash hand over to the next.
 *
 * A leader in a hidden tab is throttled by the browser. Some leave the lead then, see the recipes.
 *
 * @example
 * const messages = leader('socket').pipe(switchMap((leads) => (leads ? of('a message') : EMPTY)));
 *
 * messages.pipe(take(1)).subscribe(console.log);
 *
 * @throws as {@link WebLock} at the call. {@link WebLocksUnavailableError} downstream.
 */
export function leader(name: string, options: Pick<WebLockOptions, 'fallback'> = {}): Observable<boolean> {
  checkOptions('leader', options, ['fallback']);
  const lock = new WebLock(name, { ...options, timeout: Infinity });
  return lock.acquire().pipe(switchMap(term), repeat(), startWith(false));
}

/** Leads until the permit is lost. */
function term(permit: WebPermit): Observable<boolean> {
  return new Observable((subscriber) => {
    subscriber.add(() => {
      permit.release();
    });
    subscriber.next(true);
    subscriber.add(
      permit.lost$.subscribe({
        next: () => {
          subscriber.next(false);
          subscriber.complete();
        },
        error: (error) => {
          subscriber.error(error); // it cannot hear of a loss, so it must not lead
        },
      }),
    );
  });
}
