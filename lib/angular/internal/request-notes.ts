/**
 * What the interceptors know about one request: which steps it has entered, whether it waits in one of them, and what it holds.
 *
 * ```
 *   caller's HttpContext ◄──everything else──┐
 *                                       NotedContext ──► RequestNotes   steps: serialize, limit
 *   request ──clone──► noted request ──────► │                          waiting: 1
 *                                                                       held: locks ──► { key }
 * ```
 *
 * The first of our interceptors passes a clone of the request on, whose context carries the notes. So our other interceptors find
 * them, also those of a parent injector. The context hands everything else through to the caller's, in which nothing of ours
 * remains. Several requests may share the caller's context, but never the notes.
 *
 * Notes count only while a step of the request is being subscribed to. A noted request that somebody keeps and sends again
 * later gets new notes.
 */
import { HttpContext, type HttpContextToken, type HttpRequest } from '@angular/common/http';
import type { EnvironmentInjector } from '@angular/core';
import type { Observable } from 'rxjs';

import type { Permit } from '../../index.js';
import type { StepMark } from './steps.js';

/** A step that a request has entered and not left yet. */
export interface EnteredStep {
  readonly injector: EnvironmentInjector;
  /** The interceptor. */
  readonly interceptor: unknown;
  readonly mark: StepMark;
}

/** A permit of a limit. It can be given back while the request waits for a key or a lock. */
export interface ReturnablePermit {
  readonly isHeld: boolean;
  /** Waits for it once more. */
  again(): Observable<unknown>;
  /** Returns what has to be released to give it back. */
  giveBack(): Permit | undefined;
  /** The semaphore, for messages. */
  toString(): string;
}

export class RequestNotes {
  readonly steps = new Set<EnteredStep>();

  /** Whose request it was when it began, for each session. Noted by `coordinateRequests`. */
  readonly owners = new Map<object, { readonly owner: unknown }>();

  /** @param url - of the request, as it came to the first of our interceptors. */
  constructor(readonly url: string) {}

  /** The number of waits of the request. While it waits, the server cannot have it. */
  waiting = 0;

  /** Called when the request has to wait once more. Set when its caller has unsubscribed, and it runs to its answer. */
  abandon: (() => void) | undefined = undefined;

  /** The permits of limits that the request holds or has given back, in the order in which it took them. */
  readonly permits = new Set<ReturnablePermit>();

  /** The keys that the request holds, for each lock. A semaphore, a plain lock or a session is held with the key `undefined`. */
  private readonly held = new Map<object, Set<unknown>>();

  /** Notes the beginning of a wait. Returns the function that notes its end. */
  beginWait(): () => void {
    let left = 1;
    this.waiting++;
    this.abandon?.();
    return () => {
      this.waiting -= left;
      left = 0;
    };
  }

  /** Gives back the permits of limits. A release runs foreign code, so it comes when all of them are noted as given back. */
  giveBackPermits(): void {
    for (const permit of [...this.permits].map((each) => each.giveBack())) {
      permit?.release();
    }
  }

  holds(lock: object, key?: unknown): boolean {
    return this.held.get(lock)?.has(key) ?? false;
  }

  /** Notes that the request holds these keys. Returns the function that notes that it does not any more. */
  hold(lock: object, keys: readonly unknown[] = [undefined]): () => void {
    const held = this.held.get(lock) ?? new Set();
    this.held.set(lock, held);
    for (const key of keys) {
      held.add(key);
    }
    return () => {
      for (const key of keys) {
        held.delete(key);
      }
    };
  }
}

/** The context of a noted request. */
class NotedContext extends HttpContext {
  constructor(
    readonly original: HttpContext,
    readonly notes: RequestNotes,
  ) {
    super();
  }

  override set<T>(token: HttpContextToken<T>, value: T): this {
    this.original.set(token, value);
    return this;
  }

  override get<T>(token: HttpContextToken<T>): T {
    return this.original.get(token);
  }

  override delete(token: HttpContextToken<unknown>): this {
    this.original.delete(token);
    return this;
  }

  override has(token: HttpContextToken<unknown>): boolean {
    return this.original.has(token);
  }

  override keys(): IterableIterator<HttpContextToken<unknown>> {
    return this.original.keys();
  }
}

/** The notes of a request, if it has any that count. */
export function notesOf({ context }: HttpRequest<unknown>): RequestNotes | undefined {
  return context instanceof NotedContext && context.notes.steps.size > 0 ? context.notes : undefined;
}

/** The request with new notes. */
export function withNotes(request: HttpRequest<unknown>, notes: RequestNotes): HttpRequest<unknown> {
  const { context } = request;
  return request.clone({ context: new NotedContext(context instanceof NotedContext ? context.original : context, notes) });
}

/** What the caller has set in the context. Unlike `context.get`, it does not write the default into the context. */
export function setIn<T>({ context }: HttpRequest<unknown>, token: HttpContextToken<T>): T | undefined {
  return context.has(token) ? context.get(token) : undefined;
}
