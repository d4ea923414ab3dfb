import { Observable, type Subscriber } from 'rxjs';

import type { LockLostError } from '../../errors.js';
import type { LosablePermit } from '../../permit.js';
import { inspected, inspectSymbol, type Inspect } from '../checks/inspection.js';
import { currentContext, report, type Context } from '../delivery/delivery.js';
import { tell } from './tell.js';

/** A subscriber of `lost$`. */
interface Listener {
  readonly subscriber: Subscriber<Error>;
  readonly context: Context | undefined;
}

/**
 * The permit of a lock outside the process. It ends once: it is released by its holder, or lost.
 *
 * All fields are private, so a store that freezes the permit, or a log that prints it, does not reach what is behind it.
 */
export class RemotePermit implements LosablePermit {
  readonly lost$: Observable<Error>;
  readonly #origin: { toString(): string };
  readonly #giveBack: () => void;
  #ending: 'released' | LockLostError | undefined = undefined;
  #listeners = new Set<Listener>();
  #aborter: { readonly controller: AbortController; readonly context: Context | undefined } | undefined = undefined;

  /**
   * @param origin - what granted the permit, for messages.
   * @param giveBack - called once, when the permit is released. It must not throw.
   */
  constructor(origin: { toString(): string }, giveBack: () => void) {
    this.#origin = origin;
    this.#giveBack = giveBack;
    this.lost$ = new Observable((subscriber) => this.#listen(subscriber));
  }

  get released(): boolean {
    this.look();
    return this.#ending !== undefined;
  }

  get lost(): boolean {
    this.look();
    return this.#ending instanceof Error;
  }

  get signal(): AbortSignal {
    this.look();
    const context = this.#aborter === undefined ? currentContext() : undefined; // foreign code, which can ask for the signal
    this.#aborter ??= { controller: new AbortController(), context };
    const { controller } = this.#aborter;
    if (this.#ending instanceof Error && !controller.signal.aborted) {
      controller.abort(this.#ending);
    }
    return controller.signal;
  }

  release(): void {
    if (this.#ending === undefined) {
      this.#ending = 'released';
      this.#giveBack();
      this.#tell();
    }
  }

  [Symbol.dispose](): void {
    this.release();
  }

  /** Ends the permit, because it was taken away. The signal is aborted first, so that its listeners stop what they do. */
  lose(reason: LockLostError): void {
    if (this.#ending === undefined) {
      this.#ending = reason;
      this.#abort(reason);
      this.#tell();
    }
  }

  /** What granted the permit, for logs. */
  toString(): string {
    return `permit of ${this.#origin.toString()}`;
  }

  /** Whether the permit was released, and whether it was lost, for logs. */
  toJSON(): { readonly released: boolean; readonly lost: boolean } {
    return { released: this.released, lost: this.lost };
  }

  [inspectSymbol](_depth: number, options: unknown, inspect: Inspect): string {
    return inspected(this, options, inspect);
  }

  /** Called before the state of the permit is read. A lease finds out here that it has ended. */
  protected look(): void {
    // Only an event ends a permit without a deadline.
  }

  #listen(subscriber: Subscriber<Error>): () => void {
    const listener = { subscriber, context: currentContext() };
    this.look();
    if (this.#ending === undefined) {
      this.#listeners.add(listener);
    } else {
      this.#tellOne(subscriber);
    }
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #abort(reason: LockLostError): void {
    if (this.#aborter !== undefined) {
      const { controller, context } = this.#aborter;
      runSafely(context, () => {
        controller.abort(reason);
      });
    }
  }

  /** Tells all listeners how the permit has ended. A listener that throws, or that releases the permit, hurts no other. */
  #tell(): void {
    const listeners = this.#listeners;
    this.#listeners = new Set();
    for (const { subscriber, context } of listeners) {
      runSafely(context, () => {
        this.#tellOne(subscriber);
      });
    }
  }

  #tellOne(subscriber: Subscriber<Error>): void {
    if (this.#ending instanceof Error) {
      subscriber.next(this.#ending);
    }
    subscriber.complete();
  }
}

/** Runs `task` in its context, or without it if the context is broken: a loss must be heard. Reports what is thrown. */
function runSafely(context: Context | undefined, task: () => void): void {
  tell(context, task, (error) => {
    report(error);
    task();
  });
}
