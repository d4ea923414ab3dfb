import type { Observable } from 'rxjs';

import { deliveries, insideADelivery } from '../support/deliveries.js';
import { recorder } from '../support/recorder.js';

/** A primitive, and a way to wait for it. */
export interface ClosingCase {
  readonly primitive: Observable<unknown> & {
    readonly value: unknown;
    readonly waiting: number;
    cancelWaiters(reason?: unknown): void;
    complete(): void;
    error(error: unknown): void;
    unsubscribe(): void;
  };
  /** Adds a waiter at subscribe: the primitive is in a state in which every subscriber has to wait. */
  readonly wait: Observable<unknown>;
  /** Grants at least the first waiter. */
  readonly grant: () => void;
  readonly name: string;
  /** What a waiter tries, as in error messages. */
  readonly tried: string;
  /** The side that is waited for, for messages, where the primitive has several. */
  readonly side?: string;
}

/** What each primitive with waiters promises when it is closed, and when its waiters are cancelled. */
export function itCloses(name: string, create: (options: { maxWaiting?: number }) => ClosingCase): void {
  describe(`${name} can be closed: it`, () => {
    for (const [where, deliver] of deliveries) {
      it(`fails its waiters, and later subscribers, with a ClosedError after complete() ${where}`, () => {
        const { primitive, wait, tried, name: label, side = label } = create({});
        const record: string[] = [];
        const messages: string[] = [];
        wait.subscribe(recorder(record, 'a'));
        wait.subscribe({
          error: (error: Error) => {
            messages.push(error.message);
            wait.subscribe(recorder(record, 'from inside'));
          },
        });
        primitive.subscribe({ complete: () => record.push('state: complete') });
        deliver(() => {
          primitive.complete();
          expect(primitive.waiting).toBe(0);
        });
        wait.subscribe(recorder(record, 'late'));
        wait.subscribe({ error: (error: Error) => messages.push(error.message) });
        expect(record).toEqual(['state: complete', 'a: ClosedError', 'from inside: ClosedError', 'late: ClosedError']);
        expect(messages).toEqual([`gave up waiting for ${label}: it was closed`, `cannot ${tried} ${side}: it is closed`]);
      });

      it(`fails them with the error of error(e), which value throws too, ${where}`, () => {
        const { primitive, wait } = create({});
        const record: string[] = [];
        wait.subscribe(recorder(record, 'a'));
        primitive.subscribe({ error: () => record.push('state: error') });
        const error = new RangeError('why');
        deliver(() => {
          primitive.error(error);
          expect(() => primitive.value).toThrow(error);
        });
        wait.subscribe(recorder(record, 'late'));
        expect(record).toEqual(['state: error', 'a: RangeError', 'late: RangeError']);
      });

      it(`closes and then drops its observers after unsubscribe() ${where}`, () => {
        const { primitive, wait } = create({});
        const record: string[] = [];
        wait.subscribe(recorder(record, 'a'));
        primitive.subscribe({ complete: () => record.push('state: complete') });
        deliver(() => {
          primitive.unsubscribe();
        });
        wait.subscribe(recorder(record, 'late'));
        expect(record).toEqual(['state: complete', 'a: ClosedError', 'late: ClosedError']);
        expect(() => primitive.value).toThrowMatching((error: Error) => error.name === 'ObjectUnsubscribedError');
        expect(() => {
          primitive.unsubscribe();
        }).not.toThrow();
      });

      it(`cancels its waiters and stays usable after cancelWaiters() ${where}`, () => {
        const { primitive, wait, grant } = create({});
        const record: string[] = [];
        wait.subscribe(recorder(record, 'a'));
        wait.subscribe(recorder(record, 'b'));
        deliver(() => {
          primitive.cancelWaiters();
          expect(primitive.waiting).toBe(0);
        });
        expect(record).toEqual(['a: CancelledError', 'b: CancelledError']);
        wait.subscribe({ complete: () => record.push('c: complete') });
        grant();
        expect(record.slice(2)).toEqual(['c: complete']);
      });
    }

    it('publishes the last state before its completion', () => {
      const { primitive, wait } = create({});
      const record: string[] = [];
      wait.subscribe({ error: () => record.push('waiter') });
      primitive.subscribe({
        next: () => record.push(`state, ${String(primitive.waiting)} waiting`),
        complete: () => record.push('complete'),
      });
      primitive.complete();
      expect(record).toEqual(['state, 1 waiting', 'state, 0 waiting', 'complete', 'waiter']);
    });

    it('starts an observer that subscribes before the close is delivered with the current state', () => {
      const { primitive, wait } = create({});
      const states: unknown[] = [];
      let completed = false;
      wait.subscribe({ error: () => undefined });
      insideADelivery(() => {
        primitive.complete();
        primitive.subscribe({ next: (state) => states.push(state), complete: () => (completed = true) });
      });
      expect(states.at(-1)).toEqual(primitive.value);
      expect(completed).toBeTrue();
    });

    it('closes only once, and ignores later calls', () => {
      const { primitive, wait } = create({});
      const record: string[] = [];
      primitive.complete();
      primitive.error(new Error('too late'));
      primitive.complete();
      wait.subscribe(recorder(record, 'late'));
      expect(record).toEqual(['late: ClosedError']);
      expect(() => primitive.value).not.toThrow();
    });

    it('cancels its waiters with the given reason', () => {
      const { primitive, wait, name: label } = create({});
      const reasons: unknown[] = [];
      wait.subscribe({ error: (error) => reasons.push(error) });
      primitive.cancelWaiters('why');
      wait.subscribe({ error: ({ message }: Error) => reasons.push(message) });
      primitive.cancelWaiters();
      expect(reasons).toEqual(['why', `gave up waiting for ${label}: its waiters were cancelled`]);
    });

    it('emits nothing to a waiter that unsubscribes before its cancel is delivered', () => {
      const { primitive, wait } = create({});
      const record: string[] = [];
      wait.subscribe({
        error: () => {
          record.push('a');
          b.unsubscribe();
        },
      });
      const b = wait.subscribe({ error: () => record.push('b') });
      primitive.cancelWaiters();
      expect(record).toEqual(['a']);
    });

    it('still delivers the grants from before it was closed', () => {
      const { primitive, wait, grant } = create({});
      const record: string[] = [];
      wait.subscribe(recorder(record, 'a'));
      insideADelivery(() => {
        grant();
        primitive.complete();
      });
      expect(record.at(-1)).toBe('a: complete');
    });

    it('queues as many waiters as maxWaiting allows', () => {
      const { primitive, wait, tried, name, side = name } = create({ maxWaiting: 2 });
      const record: string[] = [];
      const first = wait.subscribe();
      wait.subscribe();
      wait.subscribe(recorder(record, 'third'));
      wait.subscribe({ error: ({ message }: Error) => record.push(message) });
      expect(record).toEqual(['third: QueueFullError', `cannot ${tried} ${side}: 2 are waiting, and it allows no more`]);
      first.unsubscribe();
      wait.subscribe(recorder(record, 'fourth'));
      expect(primitive.waiting).toBe(2);
      expect(record.length).toBe(2);
    });

    it('refuses a maxWaiting that is not a count', () => {
      for (const maxWaiting of [-1, 1.5, NaN]) {
        expect(() => create({ maxWaiting })).toThrowError(
          RangeError,
          `maxWaiting must be an integer of at least 0, but is ${String(maxWaiting)}`,
        );
      }
      expect(() => create({ maxWaiting: Infinity })).not.toThrow();
    });
  });
}
