/**
 * The way of one request through one of our interceptors.
 *
 * ```
 *   interceptor(request, next)   only inject(): an error that is thrown here would leave HttpClient's pending task behind
 *        │ subscribe
 *        ▼
 *   callbacks: when, keyOf, …    untracked, in the context of the injector; an error is the error of the request
 *        │
 *        ▼
 *   enter()                      the request gets its notes; the order of the interceptors is checked
 *        │
 *        ▼
 *   hold() ── waits ──► granted ──► forward(): the interceptors behind, and the backend
 *        │
 *        └── injector destroyed ──► ClosedError
 * ```
 *
 * Everything runs untracked. A release in an `effect` runs the next request, and so the interceptors behind ours. The effect
 * must not depend on the signals that they read.
 */
import type { HttpEvent, HttpHandlerFn, HttpInterceptorFn, HttpRequest } from '@angular/common/http';
import { DestroyRef, EnvironmentInjector, inject, isDevMode, untracked, type ProviderToken } from '@angular/core';
import { concatMap, defer, merge, Observable, take, tap, type Observer, type Subscription } from 'rxjs';

import type { Acquirable, Event, Semaphore } from '../../index.js';
import { shown } from '../../internal/checks/shown.js';
import { innerSubscriber } from '../../internal/delivery/inner-subscriber.js';
import { withLock } from '../../../operators/index.js';
import { BYPASS } from '../bypass.js';
import { labelFor } from './label.js';
import { notesOf, RequestNotes, setIn, withNotes, type EnteredStep } from './request-notes.js';
import { RequestPermit, type PermitDemand } from './request-permit.js';
import { callIn, ROOT, type Root } from './root.js';
import { marked, stepsInOrder, type RequestStep, type StepMark } from './steps.js';
import { WATCHER, type Watcher } from './watcher.js';

type Events = Observable<HttpEvent<unknown>>;

/** How a passage acquires something. */
export interface Hold {
  readonly acquirable: Acquirable;
  /** The lock or semaphore: what is noted as held, and watched. */
  readonly lock: object;
  readonly keys?: readonly unknown[];
}

/** Makes an interceptor. `handle` runs once for each subscription, and never synchronously in the interceptor. */
export function interceptor(mark: StepMark, handle: (passage: Passage) => Events): HttpInterceptorFn {
  const intercept: HttpInterceptorFn = (request, next) => {
    const injector = inject(EnvironmentInjector);
    return new Observable((subscriber) => {
      untracked(() => {
        const inner = innerSubscriber(untrackedObserver(subscriber));
        subscriber.add(inner);
        const events = handle(new Passage(injector, mark, intercept, request, next));
        // The foreign code that `handle` runs may have unsubscribed the caller. Then the request must not be sent.
        if (!inner.closed) {
          events.subscribe(inner);
        }
      });
    });
  };
  return marked(intercept, mark);
}

function untrackedObserver<T>(observer: { next(value: T): void; error(error: unknown): void; complete(): void }): Observer<T> {
  return {
    next: (value) => {
      untracked(() => {
        observer.next(value);
      });
    },
    error: (error: unknown) => {
      untracked(() => {
        observer.error(error);
      });
    },
    complete: () => {
      untracked(() => {
        observer.complete();
      });
    },
  };
}

export class Passage implements EnteredStep {
  /** Set when the request enters the step. */
  notes: RequestNotes = undefined as never;

  readonly root: Root;
  /** The diagnostics of the application, if it has any. */
  readonly watcher: Watcher | null;
  private readonly destroyRef: DestroyRef;

  constructor(
    readonly injector: EnvironmentInjector,
    readonly mark: StepMark,
    readonly interceptor: unknown,
    private request: HttpRequest<unknown>,
    private readonly next: HttpHandlerFn,
  ) {
    this.root = injector.get(ROOT);
    this.destroyRef = injector.get(DestroyRef);
    this.watcher = injector.get(WATCHER, null);
  }

  /** The request, with its notes once it has entered the step. */
  get req(): HttpRequest<unknown> {
    return this.request;
  }

  /** The name of the waiter. The query may hold secrets. */
  get label(): string {
    const { method, url } = this.request;
    return `${method} ${url.replace(/[?#].*$/s, '')}`;
  }

  /** Runs a callback of the user. A refresh may end when the injector that began it is destroyed already. */
  call<T>(callback: () => T): T {
    return untracked(() => (this.destroyRef.destroyed ? this.root.call(callback) : callIn(this.injector, callback)));
  }

  /** Whether the step concerns the request: it is not bypassed, and `when` does not say no. */
  concerns(when: ((request: HttpRequest<unknown>) => boolean) | undefined, step = this.mark.step): boolean {
    return !this.bypasses(step) && (when === undefined || this.call(() => when(this.request)));
  }

  private bypasses(step: RequestStep): boolean {
    return setIn(this.request, BYPASS)?.includes(step) ?? false;
  }

  /** Returns what a token gives. `InjectionToken<T>` does not check it. */
  resolve<T>(token: ProviderToken<T>, what: string, isRight: (given: unknown) => boolean): T {
    const given = this.injector.get(token);
    if (!isRight(given)) {
      throw new TypeError(`${this.mark.name} needs a token of ${what}, but the token gave ${shown(given)}`);
    }
    return given;
  }

  /** Whose request it was when it began, if that was noted. */
  ownerAtStart(session: object): { readonly owner: unknown } | undefined {
    return this.knownNotes()?.owners.get(session);
  }

  /** Whether the request holds a lock, or a key of it, already. */
  holds(lock: object, key?: unknown): boolean {
    return this.knownNotes()?.holds(lock, key) ?? false;
  }

  /**
   * The notes of the request. A request with another URL that meets the same interceptor of the same injector is another
   * request, which an interceptor behind sends with the context of this one.
   */
  private knownNotes(): RequestNotes | undefined {
    const notes = notesOf(this.request);
    const isAgain = [...(notes?.steps ?? [])].some(
      ({ injector, interceptor }) => injector === this.injector && interceptor === this.interceptor,
    );
    return isAgain && notes?.url !== this.request.urlWithParams ? undefined : notes;
  }

  /** Notes that the request has entered this step. Returns what `steps` makes of the request, and notes when it has left. */
  enter(steps: () => Events): Events {
    const known = this.knownNotes();
    if (known === undefined && this.root.isRefreshing) {
      throw new Error(
        `refresh() of refreshOn401 sends ${this.label}, which ${this.mark.name} concerns: it would wait for itself. ` +
          `Pass the context that refresh() gets to the request, or leave its URL out with the option when of the ${this.mark.step} step`,
      );
    }
    const notes = known ?? new RequestNotes(this.request.urlWithParams);
    this.checkOrder(notes);
    if (known === undefined) {
      this.request = withNotes(this.request, notes);
    }
    this.notes = notes;
    return new Observable((subscriber) => {
      notes.steps.add(this);
      const leave = (): void => {
        notes.steps.delete(this);
      };
      subscriber.add(leave);
      return steps()
        .pipe(tap({ error: leave, complete: leave }))
        .subscribe(subscriber);
    });
  }

  /** Passes the request on to the interceptors behind. A request that bypasses all steps is known to be that of a refresh. */
  forward(request = this.request): Events {
    const isKnown = stepsInOrder.every((step) => this.bypasses(step));
    return new Observable((subscriber) => {
      const subscribe = (): Subscription => this.next(request).subscribe(subscriber);
      return untracked(() => (isKnown ? this.root.notRefreshing(subscribe) : subscribe()));
    });
  }

  /** Passes a request on that has the token of a session. Meanwhile other interceptors with that session let it pass. */
  authorized(session: object, request: HttpRequest<unknown>): Events {
    return new Observable((subscriber) => {
      subscriber.add(this.notes.hold(session));
      return this.forward(request).subscribe(subscriber);
    });
  }

  /** Waits for a permit of a limit, and subscribes to `inside` while it holds it. */
  holdPermit(semaphore: Semaphore, demand: PermitDemand, inside: () => Events): Events {
    const acquirable = new RequestPermit(semaphore, demand, this);
    return this.acquire({ acquirable, lock: semaphore, keys: [] }, inside); // the permit notes itself as held
  }

  /**
   * Waits for a key or a lock, and subscribes to `inside` while it holds it. A request that has to wait gives back the permits of
   * limits before this step, and {@link regain} takes them again.
   */
  hold(hold: Hold, inside: () => Events): Events {
    return new Observable((subscriber) => {
      let mustWait = true as boolean; // widened: TypeScript does not see that `granted` changes it
      const granted = (): Events => {
        mustWait = false;
        return inside();
      };
      this.acquire(hold, granted).subscribe(subscriber);
      if (mustWait && !subscriber.closed) {
        this.notes.giveBackPermits();
      }
    });
  }

  /** Takes the permits again that the request has given back, in their order, and then subscribes to `then`. */
  regain(then: () => Events): Events {
    const missing = [...this.notes.permits].find(({ isHeld }) => !isHeld);
    return missing === undefined ? then() : this.after(missing.again(), String(missing), () => this.regain(then));
  }

  private acquire({ acquirable, lock, keys }: Hold, inside: () => Events): Events {
    const { label, notes } = this;
    return new Observable((subscriber) => {
      const { watcher } = this;
      watcher?.watch(lock);
      const followed = watcher?.follow(lock, label);
      const waited = notes.beginWait();
      subscriber.add(() => {
        waited();
        followed?.ended();
      });
      const task: Events = new Observable((inner) => {
        this.checkAlive(shown(acquirable));
        waited();
        followed?.granted();
        inner.add(notes.hold(lock, keys));
        return inside().subscribe(inner);
      });
      const until = this.untilDestroyed(shown(acquirable));
      return task.pipe(withLock(acquirable, { ...labelFor(acquirable, label), until })).subscribe(subscriber);
    });
  }

  /** Waits for an event, and then subscribes to `then`. */
  waitFor(event: Event, then: () => Events): Events {
    return defer(() => {
      this.watcher?.watch(event);
      return this.after(event.wait({ label: this.label }), String(event), then);
    });
  }

  private after(wait: Observable<unknown>, what: string, then: () => Events): Events {
    const { notes } = this;
    return new Observable((subscriber) => {
      const waited = notes.beginWait(); // a request that is abandoned by it ends here: the operators are closed from the start
      subscriber.add(waited);
      const granted = concatMap(() => {
        waited();
        return then();
      });
      return this.whileAlive(wait, what).pipe(granted).subscribe(subscriber);
    });
  }

  /** A wait that fails when the injector is destroyed. */
  whileAlive(wait: Observable<unknown>, what: string): Observable<unknown> {
    return merge(this.untilDestroyed(what), wait).pipe(
      take(1),
      tap(() => {
        this.checkAlive(what);
      }),
    );
  }

  private untilDestroyed(what: string): Observable<never> {
    return defer(() => {
      this.checkAlive(what);
      return this.root.untilDestroyed(this.injector, what);
    });
  }

  /** A request whose injector is destroyed must not be sent, whatever grants its wait. */
  private checkAlive(what: string): void {
    if (this.destroyRef.destroyed) {
      throw this.root.closed(what);
    }
  }

  /** In development, refuses a step that stands behind a later step of the same injector. */
  private checkOrder({ steps }: RequestNotes): void {
    const own = [...steps].filter(({ injector }) => injector === this.injector);
    if (!isDevMode() || own.some(({ interceptor }) => interceptor === this.interceptor)) {
      return; // a copy of the request that an interceptor behind sends comes here a second time
    }
    const rank = (mark: StepMark): number => stepsInOrder.indexOf(mark.step);
    const wrong = own.find(({ mark }) => rank(mark) > rank(this.mark));
    if (wrong !== undefined) {
      throw new Error(
        `${wrong.mark.name} stands before ${this.mark.name}, but must stand behind it: ` +
          `the order is ${stepsInOrder.join(', ')}, and coordinateRequests() builds it`,
      );
    }
  }
}
