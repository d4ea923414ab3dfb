/**
 * The refreshes of a session. For each owner there is at most one at a time, and it runs to its end whoever unsubscribes: with
 * rotating tokens, the server has already replaced the old token.
 *
 * ```
 *   request, 401 ─────────┐
 *   request, 401 ─────────┼──► refresh ──► lock, if there is one ──► session.refresh() ──► done ──► all of them continue
 *   request, not sent ────┘                                                         └──► failed ──► all get its error
 * ```
 *
 * A session that is lost is remembered for its token. Requests with that token cause no further refresh.
 *
 * Requests that wait for a refresh keep their keys and permits. When a request finds another user, or none, the waits of the old
 * user end, so that the new user's requests get these keys and permits. The refresh itself runs on.
 */
import type { HttpContext } from '@angular/common/http';
import { ErrorHandler, InjectionToken, PendingTasks } from '@angular/core';
import { defer, EMPTY, from, Observable } from 'rxjs';

import { withLock } from '../../../operators/index.js';
import { Event, type Acquirable } from '../../index.js';
import { shown } from '../../internal/checks/shown.js';
import { bypass } from '../bypass.js';
import { labelFor } from './label.js';
import type { TokenSession } from '../token-session.js';
import type { Passage } from './passage.js';

/** How a refresh has ended. `'changed'`: it failed, and the user logged out, or another user logged in. */
type Outcome = { readonly kind: 'refreshed' | 'changed' } | { readonly kind: 'failed'; readonly error: unknown };

/** One refresh. */
export interface Refresh {
  readonly owner: unknown;
  /** Requests wait for it. Set when the refresh has ended, or when its owner has logged out: then another event takes its place. */
  done: Event;
  /** Defined when the refresh has ended. */
  outcome?: Outcome;
}

/** The present token of a session. */
export interface Present<T> {
  readonly token: T;
  readonly owner: unknown;
}

/** What a request tells the refresh that it starts. */
export interface RefreshOptions<T> {
  readonly isExpired: (token: T) => boolean;
  readonly isSessionLost: (error: unknown) => boolean;
  readonly onSessionLost: (error: unknown) => void;
  readonly lock: Acquirable | undefined;
}

export class Refreshes<T> {
  private readonly running: Refresh[] = [];

  /** The tokens whose sessions are lost: more than one, if the user has changed meanwhile. */
  private readonly lost = new Set<T>();

  /** Tokens that a refresh gave and that a wrong clock calls expired. They count as valid. */
  private readonly fresh = new Set<T>();

  constructor(readonly session: TokenSession<T>) {}

  /**
   * The present token and its owner, or null. The owner is read at once, since `owner()` may tell whose the present token is,
   * whatever token it gets. Another token ends the memory of lost sessions and of fresh tokens.
   */
  present(passage: Passage): Present<T> | null {
    const token = this.token(passage);
    if (token === null) {
      return null;
    }
    for (const tokens of [this.lost, this.fresh]) {
      if (!tokens.has(token)) {
        tokens.clear();
      }
    }
    return { token, owner: passage.call(() => this.session.owner(token)) };
  }

  token(passage: Passage): T | null {
    return passage.call(() => this.session.token()) ?? null;
  }

  /** The present token, if it is of this owner. Null after a logout or another login. */
  tokenOf(owner: unknown, passage: Passage): T | null {
    const present = this.present(passage);
    if (isOf(owner, present)) {
      return present.token;
    }
    this.endOtherWaits(present);
    return null;
  }

  /** Ends the waits for the refreshes of all other owners. This runs foreign code, which may change the session. */
  endOtherWaits(present: Present<T> | null): void {
    const others = this.running.filter(({ owner }) => !isOf(owner, present));
    for (const refresh of others) {
      const { done } = refresh;
      refresh.done = endEvent();
      done.set();
    }
  }

  isLost(token: T): boolean {
    return this.lost.has(token);
  }

  isFresh(token: T): boolean {
    return this.fresh.has(token);
  }

  /** The refresh that runs for an owner. */
  runningFor(owner: unknown): Refresh | undefined {
    return this.running.find((refresh) => Object.is(refresh.owner, owner));
  }

  /** Refreshes the token of an owner. */
  start(token: T, owner: unknown, passage: Passage, options: RefreshOptions<T>): Refresh {
    const refresh: Refresh = { owner, done: endEvent() };
    // Of the root: the injector of the request may be destroyed already.
    const removeTask = passage.root.injector.get(PendingTasks).add();
    this.running.push(refresh);
    const { lock } = options;
    const { label } = passage;
    let refreshed = token;
    const run = defer(() => {
      const now = lock === undefined ? token : this.toRefresh(token, owner, passage, options);
      if (now === null) {
        return EMPTY;
      }
      refreshed = now;
      return this.refreshNow(now, passage);
    });
    const end = (outcome: Outcome): void => {
      this.running.splice(this.running.indexOf(refresh), 1);
      refresh.outcome = outcome;
      try {
        this.noteEnd(refresh, refreshed, passage, options);
      } catch (error) {
        refresh.outcome = { kind: 'failed', error };
      }
      refresh.done.set();
      removeTask();
    };
    const until = passage.root.untilDestroyed(passage.root.injector, shown(lock));
    (lock === undefined ? run : run.pipe(withLock(lock, { ...labelFor(lock, `${label}, refresh`), until }))).subscribe({
      error: (error: unknown) => {
        end({ kind: 'failed', error });
      },
      complete: () => {
        end({ kind: 'refreshed' });
      },
    });
    return refresh;
  }

  /** The token to refresh, once the lock is granted. Null if another tab has refreshed it meanwhile, or after a logout. */
  private toRefresh(token: T, owner: unknown, passage: Passage, { isExpired }: RefreshOptions<T>): T | null {
    const now = this.tokenOf(owner, passage);
    return now === null || Object.is(now, token) || passage.call(() => isExpired(now)) ? now : null;
  }

  /**
   * Calls `refresh()` and subscribes to it. Requests that are made meanwhile are its own. What it wakes by its end is not: so
   * its end waits until the subscription is made.
   */
  private refreshNow(token: T, passage: Passage): Observable<never> {
    return new Observable((subscriber) => {
      const { root } = passage;
      const { isRefreshing } = root;
      const context: HttpContext = bypass('all');
      let isSubscribed = false;
      let afterwards: (() => void) | undefined;
      const end = (how: () => void): void => {
        if (isSubscribed) {
          how();
        } else {
          afterwards = how;
        }
      };
      root.isRefreshing = true;
      try {
        passage
          .call(() => from(this.session.refresh(context, token)))
          .subscribe({
            error: (error: unknown) => {
              end(() => {
                subscriber.error(error);
              });
            },
            complete: () => {
              end(() => {
                subscriber.complete();
              });
            },
          });
      } finally {
        root.isRefreshing = isRefreshing;
      }
      isSubscribed = true;
      afterwards?.();
    });
  }

  /** Draws the conclusions from an outcome, before the requests that wait get to know it. */
  private noteEnd(refresh: Refresh, refreshed: T, passage: Passage, options: RefreshOptions<T>): void {
    const { owner, outcome } = refresh;
    if (outcome?.kind !== 'failed') {
      const now = this.tokenOf(owner, passage);
      if (now !== null && passage.call(() => options.isExpired(now))) {
        this.fresh.add(now);
      }
      return;
    }
    const { error } = outcome;
    const now = this.present(passage);
    const isOfOwner = isOf(owner, now);
    if (!isOfOwner) {
      refresh.outcome = { kind: 'changed' };
    }
    if (passage.call(() => options.isSessionLost(error))) {
      this.lost.add(refreshed);
      if (now === null || isOfOwner) {
        this.tellSessionLost(error, passage, options);
      }
    }
  }

  /** An error of the callback must not keep the requests waiting. */
  private tellSessionLost(error: unknown, passage: Passage, { onSessionLost }: RefreshOptions<T>): void {
    try {
      passage.call(() => {
        onSessionLost(error);
      });
    } catch (thrown) {
      passage.root.injector.get(ErrorHandler).handleError(thrown);
    }
  }
}

/** Whether the present token is of this owner. */
export function isOf<T>(owner: unknown, present: Present<T> | null): present is Present<T> {
  return present !== null && Object.is(present.owner, owner);
}

function endEvent(): Event {
  return new Event({ name: 'the end of a refresh of refreshOn401' });
}

/** The refreshes of each session of an application. */
const REFRESHES = /* @__PURE__ */ new InjectionToken('the refreshes of rxjs-locks', {
  providedIn: 'root',
  factory: () => new WeakMap<object, Refreshes<unknown>>(),
});

/** The refreshes of a session. All interceptors with the session share them. */
export function refreshesOf<T>(session: TokenSession<T>, passage: Passage): Refreshes<T> {
  const all = passage.injector.get(REFRESHES) as WeakMap<object, Refreshes<T>>;
  let refreshes = all.get(session);
  if (refreshes === undefined) {
    refreshes = new Refreshes(session);
    all.set(session, refreshes);
  }
  return refreshes;
}
