import { concat, Observable, of, repeat, retry, take, tap, throwError } from 'rxjs';
import { Event } from 'rxjs-locks';
import { waitForEvent } from 'rxjs-locks/operators';

import { deliveries } from '../support/deliveries.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

describe('waitForEvent', () => {
  describe('waits until the event is set', () => {
    itMarbles('and then subscribes to the source', ({ cold, expectObservable, expectSubscriptions }) => {
      const event = new Event();
      const set = cold('    -----x       ');
      const source = cold('      --a--b--|');
      const subs = '        -----^-------!';
      const expected = '    -------a--b--|';
      set.subscribe(() => {
        event.set();
      });
      expectObservable(source.pipe(waitForEvent(event))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });

    itMarbles('does not wait when the event is set before', ({ cold, expectObservable, expectSubscriptions }) => {
      const event = new Event();
      event.set();
      const source = cold('  --a--b--|');
      const subs = '         ^-------!';
      const expected = '     --a--b--|';
      expectObservable(source.pipe(waitForEvent(event))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });

    itMarbles(
      'subscribes to all waiting sources together, and to a later one after the next set()',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const event = new Event();
        const set = cold('     ---x------x      ');
        const clear = cold('   -----x           ');
        const first = cold('      --a|          ');
        const second = cold('     -b-c|         ');
        const third = cold('             -d|    ');
        const thirdSub = '     -------^         ';
        const firstSubs = '    ---^--!          ';
        const secondSubs = '   ---^---!         ';
        const thirdSubs = '    ----------^-!    ';
        const expected1 = '    -----a|          ';
        const expected2 = '    ----b-c|         ';
        const expected3 = '    -----------d|    ';
        set.subscribe(() => {
          event.set();
        });
        clear.subscribe(() => {
          event.clear();
        });
        expectObservable(first.pipe(waitForEvent(event))).toBe(expected1);
        expectObservable(second.pipe(waitForEvent(event))).toBe(expected2);
        expectObservable(third.pipe(waitForEvent(event)), thirdSub).toBe(expected3);
        expectSubscriptions(first.subscriptions).toBe(firstSubs);
        expectSubscriptions(second.subscriptions).toBe(secondSubs);
        expectSubscriptions(third.subscriptions).toBe(thirdSubs);
      },
    );

    for (const [where, deliver] of deliveries) {
      it(`subscribes to the sources in order, although clear() follows set() immediately, ${where}`, () => {
        const event = new Event();
        const record: string[] = [];
        of('a').pipe(waitForEvent(event)).subscribe(recorder(record, '1'));
        of('b').pipe(waitForEvent(event)).subscribe(recorder(record, '2'));
        deliver(() => {
          event.set();
          event.clear();
        });
        expect(record).toEqual(['1: a', '1: complete', '2: b', '2: complete']);
      });

      it(`subscribes immediately when the event is set, and ignores a later clear(), ${where}`, () => {
        const event = new Event();
        event.set();
        const record: string[] = [];
        deliver(() => {
          of('a', 'b')
            .pipe(
              waitForEvent(event),
              tap(() => {
                event.clear();
              }),
            )
            .subscribe(recorder(record, 'x'));
          expect(record).toEqual(['x: a', 'x: b', 'x: complete']);
        });
      });
    }

    it('checks the event when it is subscribed to, and not before', () => {
      const event = new Event();
      event.set();
      const record: string[] = [];
      const source = of('a').pipe(waitForEvent(event));
      event.clear();
      source.subscribe(recorder(record, 'x'));
      expect(record).toEqual([]);
      expect(event.waiting).toBe(1);
    });

    it('waits again for each subscription', () => {
      const event = new Event();
      const record: string[] = [];
      let attempts = 0;
      const source = new Observable<string>((subscriber) => {
        event.clear();
        subscriber.next(`attempt ${String(++attempts)}`);
        if (attempts === 1) {
          subscriber.error(new Error('once'));
        }
        subscriber.complete();
      });
      source.pipe(waitForEvent(event), retry(1), repeat(2)).subscribe(recorder(record, 'x'));
      for (let n = 0; n < 3; n++) {
        expect(event.waiting).toBe(1);
        event.set();
      }
      expect(record).toEqual(['x: attempt 1', 'x: attempt 2', 'x: attempt 3', 'x: complete']);
    });
  });

  describe('when it ends', () => {
    itMarbles(
      'never subscribes to the source when it is unsubscribed before',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const event = new Event();
        const set = cold('   -----x');
        const source = cold('a|    ');
        const unsub = '      --!   ';
        const expected = '   ---   ';
        set.subscribe(() => {
          expect(event.waiting).toBe(0);
          event.set();
        });
        expectObservable(source.pipe(waitForEvent(event)), unsub).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe([]);
      },
    );

    it('stops a synchronous source midway, and passes an error on', () => {
      const event = new Event();
      const record: string[] = [];
      let produced = 0;
      of(1, 2, 3)
        .pipe(
          tap(() => produced++),
          waitForEvent(event),
          take(1),
        )
        .subscribe(recorder(record, 'a'));
      throwError(() => new RangeError('source'))
        .pipe(waitForEvent(event))
        .subscribe(recorder(record, 'b'));
      event.set();
      expect(record).toEqual(['a: 1', 'a: complete', 'b: RangeError']);
      expect(produced).toBe(1);
    });

    it('fails when the event is closed', () => {
      const event = new Event();
      const record: string[] = [];
      concat(of(1)).pipe(waitForEvent(event)).subscribe(recorder(record, 'a'));
      event.complete();
      expect(record).toEqual(['a: ClosedError']);
    });
  });

  it('throws at the call for an argument that is no event', () => {
    expect(() => waitForEvent('event' as unknown as Event)).toThrowError(
      TypeError,
      'waitForEvent needs an Event of rxjs-locks, but got "event"',
    );
  });
});
