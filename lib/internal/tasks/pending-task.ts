/**
 * Tasks that unsubscribing cannot stop: a promise, and an async iterable or a stream, which deliver their values by
 * promises. Their permit is held until no part of them runs any more.
 *
 * ```
 *   promise          ───────────────────────────────────────► settled
 *   async iterable   next() ─ next() ─ … ─ done, or failed ──► settled
 *                             │ unsubscribed: return() ─ both next() and return() are settled ──► settled
 * ```
 *
 * RxJS stops an async iterable only at its next value, and does not report when that was.
 */
import { Observable, type ObservableInput, type Subscriber } from 'rxjs';

import { checkObject } from '../checks/arguments.js';

/**
 * Forwards to `inner` what such a task emits, and calls `settled` when no part of it runs any more. Returns false, and
 * does nothing, for a task that RxJS can tear down.
 */
export function runPending(task: ObservableInput<unknown>, inner: Subscriber<unknown>, settled: () => void): boolean {
  if (task instanceof Observable) {
    return false;
  }
  if (isPromiseLike(task)) {
    runPromise(task, inner, settled);
    return true;
  }
  const iterator = asyncIteratorOf(task);
  if (iterator === undefined) {
    return false;
  }
  new Iteration(iterator, inner, settled).start();
  return true;
}

export function isPromiseLike<T>(value: T | ObservableInput<T>): value is PromiseLike<T> {
  return !(value instanceof Observable) && typeof (value as Partial<PromiseLike<T>> | null | undefined)?.then === 'function';
}

function runPromise(promise: PromiseLike<unknown>, inner: Subscriber<unknown>, settled: () => void): void {
  promise.then(
    (value) => {
      try {
        inner.next(value);
        inner.complete();
      } catch (error) {
        inner.error(error);
      } finally {
        settled();
      }
    },
    (error: unknown) => {
      inner.error(error);
      settled();
    },
  );
}

type Iterator = Pick<AsyncIterator<unknown, unknown>, 'next' | 'return'>;
type Reader = Pick<ReadableStreamDefaultReader<unknown>, 'read' | 'cancel' | 'releaseLock'>;
type Input = Partial<AsyncIterable<unknown> & Iterable<unknown> & { getReader(): Reader }>;

/**
 * The keys by which RxJS finds out whether an object can be subscribed to. The symbol exists only if some code has
 * defined it.
 */
const observableKeys: readonly (symbol | string | undefined)[] = [Symbol.observable, '@@observable'];

/** Returns the iterator of an object that RxJS would iterate asynchronously. */
function asyncIteratorOf(task: ObservableInput<unknown>): Iterator | undefined {
  const input = Object(task) as Input;
  // Stryker disable next-line ConditionalExpression: no object has a key called undefined
  if (observableKeys.some((key) => key !== undefined && key in input)) {
    return undefined;
  }
  const reader = input[Symbol.iterator] === undefined ? input.getReader : undefined;
  return input[Symbol.asyncIterator]?.() ?? (reader && readerOf(reader.call(input)));
}

/**
 * Iterates a stream that is not async iterable, as in some browsers. When the task is over, the stream is unlocked, as
 * an iterable stream would be.
 */
function readerOf(reader: Reader): Iterator {
  const over = (): IteratorResult<unknown> => {
    reader.releaseLock();
    return { done: true, value: undefined };
  };
  return {
    next: () => reader.read().then((result) => (result.done ? over() : result)),
    return: () => reader.cancel().then(over),
  };
}

/** One run of an async iterable. Its promises are chained, not awaited: zone.js does not see what is awaited. */
class Iteration {
  /** What `return()` promises, once it was called. From then on no further value is requested. */
  private returning: Promise<unknown> | undefined = undefined;
  private isDone = false;

  constructor(
    private readonly iterator: Iterator,
    private readonly inner: Subscriber<unknown>,
    private readonly settled: () => void,
  ) {}

  start(): void {
    this.inner.add(() => {
      if (!this.isDone) {
        // Stryker disable next-line OptionalChaining: a missing return() has the same effect as one that throws
        this.returning = promised(() => this.iterator.return?.());
      }
    });
    this.goOn();
  }

  /** Requests the next value, unless downstream has unsubscribed. */
  private goOn(): void {
    if (this.inner.closed) {
      this.settle();
      return;
    }
    promised(() => this.iterator.next()).then(
      (result) => {
        this.take(result);
      },
      (error: unknown) => {
        this.fail(error);
      },
    );
  }

  private take(result: IteratorResult<unknown>): void {
    const { inner } = this;
    let value: unknown;
    try {
      checkObject('the result of an async iterator', result);
      this.isDone = Boolean(result.done);
      value = this.isDone ? undefined : result.value;
    } catch (error) {
      this.fail(error);
      return;
    }
    try {
      if (this.isDone) {
        inner.complete();
      } else {
        inner.next(value);
      }
    } catch (error) {
      inner.error(error);
    }
    this.goOn();
  }

  /** The iterator is broken. As in `for await`, `return()` is not called then. */
  private fail(error: unknown): void {
    this.isDone = true;
    this.inner.error(error);
    this.settle();
  }

  /** The error of `return()` is ignored: downstream has unsubscribed by then. */
  private settle(): void {
    if (this.returning === undefined) {
      this.settled();
    } else {
      this.returning.then(this.settled, this.settled);
    }
  }
}

function promised<T>(call: () => T | PromiseLike<T>): Promise<T> {
  return new Promise((resolve) => {
    resolve(call());
  });
}
