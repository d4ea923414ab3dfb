import { defer, EMPTY, finalize, NEVER, Observable, of, Subject, type Subscriber, takeUntil, throwError } from 'rxjs';

import { deliveries, insideADelivery } from '../../support/deliveries.js';
import { recorder } from '../../support/recorder.js';
import { unhandledDuring } from '../../support/unhandled.js';

import type { ExclusiveCase } from './case.js';

/** How the option `until` limits the wait of use(). */
export function itWaitsUntil(create: () => ExclusiveCase): void {
  describe('Waiting until', () => {
    for (const [where, deliver] of deliveries) {
      it(`leaves the queue when until emits, ${where}`, () => {
        const { primitive, queue } = create();
        const holder = primitive.tryAcquire();
        const record: string[] = [];
        const until = new Subject<void>();
        primitive.use(() => of('never'), { until }).subscribe(recorder(record, 'a'));
        primitive.use(() => of('b')).subscribe(recorder(record, 'b'));
        deliver(() => {
          until.next();
          expect(queue.waiting).toBe(1);
        });
        expect(until.observed).toBeFalse();
        holder?.release();
        expect(record).toEqual(['a: TimeoutError', 'b: b', 'b: complete']);
      });
    }

    it('passes the error of until on, and ignores its completion', () => {
      const { primitive } = create();
      const holder = primitive.tryAcquire();
      const record: string[] = [];
      primitive.use(() => of('x'), { until: throwError(() => new RangeError('until')) }).subscribe(recorder(record, 'a'));
      primitive.use(() => of('x'), { until: EMPTY }).subscribe(recorder(record, 'b'));
      holder?.release();
      expect(record).toEqual(['a: RangeError', 'b: x', 'b: complete']);
    });

    it('unsubscribes from until as soon as it emits, and delivers the error later', () => {
      const { primitive } = create();
      primitive.tryAcquire();
      const until = new Subject<void>();
      const record: string[] = [];
      primitive.use(() => EMPTY, { until }).subscribe(recorder(record, 'a'));
      insideADelivery(() => {
        until.next();
        expect(until.observed).toBeFalse();
        expect(record).toEqual([]);
      });
      expect(record).toEqual(['a: TimeoutError']);
    });

    it('never starts a task whose until emits before the grant is delivered, and passes the permit on', () => {
      const { primitive } = create();
      const holder = primitive.tryAcquire();
      const until = new Subject<void>();
      const record: string[] = [];
      primitive.use(() => of('work'), { until }).subscribe(recorder(record, 'a'));
      primitive.use(() => of('work')).subscribe(recorder(record, 'b'));
      insideADelivery(() => {
        holder?.release();
        until.next();
      });
      expect(record).toEqual(['a: TimeoutError', 'b: work', 'b: complete']);
      expect(primitive.locked()).toBeFalse();
    });

    it('ignores until once the task runs', () => {
      const { primitive } = create();
      const holder = primitive.tryAcquire();
      const until = new Subject<void>();
      const record: string[] = [];
      const task = new Subject<string>();
      primitive.use(() => task, { until }).subscribe(recorder(record, 'a'));
      holder?.release();
      expect(until.observed).toBeFalse();
      task.next('x');
      task.complete();
      expect(record).toEqual(['a: x', 'a: complete']);
    });

    it('does not subscribe to until if it need not wait', () => {
      const { primitive } = create();
      const record: string[] = [];
      const until = defer(() => {
        record.push('until');
        return NEVER;
      });
      primitive.use(() => of('work'), { until }).subscribe(recorder(record, 'a'));
      primitive.use(() => NEVER, { until }).subscribe();
      expect(record).toEqual(['a: work', 'a: complete']);
    });

    it('does not subscribe to until if it fails at once', () => {
      const { primitive, queue } = create();
      queue.complete();
      const record: string[] = [];
      const until = defer(() => {
        record.push('until');
        return NEVER;
      });
      primitive.use(() => of('work'), { until }).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: ClosedError']);
    });

    it('does not subscribe to until if it fails a subscriber that is just completing', () => {
      const { primitive, queue } = create();
      queue.complete();
      const stop = new Subject<void>();
      const until = new Subject<void>();
      let stopped: Subscriber<unknown> | undefined;
      new Observable((subscriber) => {
        stopped = subscriber;
      })
        .pipe(takeUntil(stop))
        .subscribe({
          complete: () => {
            primitive.use(() => EMPTY, { until }).subscribe(stopped);
            expect(until.observed).toBeFalse();
          },
        });
      stop.next();
      expect(stopped?.closed).toBeTrue();
    });

    for (const [what, act] of [
      [
        'is granted',
        (until: Subject<void>, release: () => void) => {
          release();
          until.next();
        },
      ],
      [
        'times out',
        (until: Subject<void>, release: () => void) => {
          until.next();
          release();
        },
      ],
    ] as const) {
      it(`keeps no permit for a waiter whose until throws in its teardown, when it ${what}`, async () => {
        const { primitive, queue } = create();
        const record: string[] = [];
        const errors = await unhandledDuring(() => {
          const holder = primitive.tryAcquire();
          const emits = new Subject<void>();
          const until = emits.pipe(
            finalize(() => {
              throw new Error('teardown');
            }),
          );
          primitive.use(() => of('x'), { until }).subscribe(recorder(record, 'a'));
          try {
            act(emits, () => holder?.release());
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
            holder?.release();
          }
        });
        expect(errors.length).toBeLessThan(2);
        expect(record).toEqual(what === 'is granted' ? ['a: x', 'a: complete'] : ['a: TimeoutError']);
        expect(queue.waiting).toBe(0);
        expect(primitive.locked()).toBeFalse();
      });
    }
  });
}
