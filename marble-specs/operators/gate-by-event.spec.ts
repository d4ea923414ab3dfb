import { concat, finalize, NEVER, of, range, repeat, Subject, take, tap } from 'rxjs';
import { captureContext, Event } from 'rxjs-locks';
import { gateByEvent, type GateOptions } from 'rxjs-locks/operators';

import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

describe('gateByEvent', () => {
  /** A gate between a source and a record of what it emits; `act` runs for each value that it emits. */
  function gated(
    options: GateOptions = {},
    act: (value: string) => void = () => undefined,
  ): { event: Event; source: Subject<string>; record: string[] } {
    const event = new Event();
    const source = new Subject<string>();
    const record: string[] = [];
    source.pipe(gateByEvent(event, options), tap(act)).subscribe(recorder(record, 'x'));
    return { event, source, record };
  }

  const send = (source: Subject<string>, values: string): void => {
    for (const value of values.split('')) {
      source.next(value);
    }
  };

  const passed = (record: string[]): string =>
    record
      .filter((word) => /^x: .$/.test(word))
      .map((word) => word.charAt(3))
      .join('');

  describe('while the event is clear', () => {
    itMarbles('holds the values, and emits them when the event is set', ({ cold, expectObservable }) => {
      const event = new Event();
      const set = cold('     ------x---------x   ');
      const clear = cold('   ------------x       ');
      const source = cold('  -a-b-------c-d-e|   ');
      const expected = '     ------(ab)-c----(de|)';
      set.subscribe(() => {
        event.set();
      });
      clear.subscribe(() => {
        event.clear();
      });
      expectObservable(source.pipe(gateByEvent(event))).toBe(expected);
    });

    itMarbles('holds the completion until all values are emitted', ({ cold, hot, expectObservable, expectSubscriptions }) => {
      const event = new Event();
      const set = cold('    -----x     ');
      const source = hot('  -ab|       ');
      const subs = '        ^--!       ';
      const expected = '    -----(ab|) ';
      set.subscribe(() => {
        event.set();
      });
      expectObservable(source.pipe(gateByEvent(event))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });

    itMarbles(
      'completes immediately when it holds no values, and passes an error on immediately',
      ({ cold, hot, expectObservable }) => {
        const event = new Event();
        const completes = hot('  ---|     ');
        const fails = cold('     -a-#     ');
        const expected1 = '      ---|     ';
        const expected2 = '      ---#     ';
        expectObservable(completes.pipe(gateByEvent(event))).toBe(expected1);
        expectObservable(fails.pipe(gateByEvent(event))).toBe(expected2);
      },
    );

    it('completes after the held values', () => {
      const { event, source, record } = gated();
      send(source, 'a');
      source.complete();
      expect(record).toEqual([]);
      event.set();
      expect(record).toEqual(['x: a', 'x: complete']);
    });

    itMarbles('drops the held values when it is unsubscribed', ({ cold, hot, expectObservable, expectSubscriptions }) => {
      const event = new Event();
      const set = cold('    -----x  ');
      const source = hot('  -a-b--c-');
      const unsub = '       ----!   ';
      const subs = '        ^---!   ';
      const expected = '    -----   ';
      set.subscribe(() => {
        expect(event.waiting).toBe(0);
        event.set();
      });
      expectObservable(source.pipe(gateByEvent(event)), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });

    it('leaves the queue when it is unsubscribed', () => {
      const event = new Event();
      const source = new Subject<string>();
      const gate = source.pipe(gateByEvent(event)).subscribe();
      send(source, 'ab');
      expect(event.waiting).toBe(1);
      gate.unsubscribe();
      expect(event.waiting).toBe(0);
      expect(source.observed).toBeFalse();
    });

    it('fails when the event is closed while it holds values, and emits values if the event was set before', () => {
      const { event, source, record } = gated();
      send(source, 'a');
      event.complete();
      expect(record).toEqual(['x: ClosedError']);
      expect(source.observed).toBeFalse();
      const open = gated();
      open.event.set();
      open.event.complete();
      send(open.source, 'a');
      expect(passed(open.record)).toBe('a');
    });

    it('starts again for each subscription', () => {
      const event = new Event();
      event.set();
      const record: string[] = [];
      of('a').pipe(gateByEvent(event), repeat(2)).subscribe(recorder(record, 'x'));
      expect(record).toEqual(['x: a', 'x: a', 'x: complete']);
    });

    heavy(it)('holds a hundred thousand values, and emits them in order on a flat stack', () => {
      const event = new Event();
      let next = 0;
      let inOrder = true;
      let completed = false;
      range(0, 100_000)
        .pipe(gateByEvent(event))
        .subscribe({
          next: (value) => (inOrder &&= value === next++),
          complete: () => (completed = true),
        });
      expect(next).toBe(0);
      event.set();
      expect(next).toBe(100_000);
      expect(inOrder).toBeTrue();
      expect(completed).toBeTrue();
    });
  });

  describe('while the event is set', () => {
    it('captures no context for a value that it emits immediately', () => {
      const capture = jasmine.createSpy('capture');
      const { event, source, record } = gated();
      event.set();
      captureContext(capture);
      send(source, 'ab');
      captureContext(undefined);
      expect(passed(record)).toBe('ab');
      expect(capture).not.toHaveBeenCalled();
    });

    it('stops midway when downstream unsubscribes, for held values and for a synchronous source', () => {
      const event = new Event();
      const record: string[] = [];
      let produced = 0;
      let tornDown = 0;
      const source = concat(of('a', 'b', 'c'), NEVER).pipe(
        tap(() => produced++),
        finalize(() => tornDown++),
        gateByEvent(event),
        take(2),
      );
      source.subscribe(recorder(record, 'held'));
      event.set();
      expect(produced).toBe(3);
      source.subscribe(recorder(record, 'sync'));
      expect(produced).toBe(5);
      expect(tornDown).toBe(2);
      expect(record).toEqual(['held: a', 'held: b', 'held: complete', 'sync: a', 'sync: b', 'sync: complete']);
      expect(event.waiting).toBe(0);
    });
  });

  describe('in the queue of the event', () => {
    it('has one waiter while it holds values, and none afterwards', () => {
      const event = new Event();
      const source = new Subject<string>();
      source.pipe(gateByEvent(event)).subscribe();
      const left = source.pipe(gateByEvent(event)).subscribe();
      send(source, 'a');
      expect(event.waiting).toBe(2);
      left.unsubscribe();
      expect(event.waiting).toBe(1);
      event.set();
      expect(event.waiting).toBe(0);
    });

    it('can be unsubscribed before it has held a value', () => {
      const subscription = NEVER.pipe(gateByEvent(new Event())).subscribe();
      expect(() => {
        subscription.unsubscribe();
      }).not.toThrow();
    });
  });

  describe('with a limit', () => {
    for (const [overflow, expected] of [
      ['error', '--#         '],
      ['drop-oldest', '---(bc)'],
      ['drop-newest', '---(ab)'],
    ] as const) {
      itMarbles(`and overflow: '${overflow}', handles a value above the limit`, ({ cold, hot, expectObservable }) => {
        const event = new Event();
        const set = cold('   ---x   ');
        const source = hot(' abc----');
        const full = jasmine.objectContaining({ name: 'QueueFullError' });
        set.subscribe(() => {
          event.set();
        });
        expectObservable(source.pipe(gateByEvent(event, { limit: 2, overflow }))).toBe(expected, undefined, full);
      });
    }

    it('fails with a QueueFullError at the first value above the limit', () => {
      const { event, source, record } = gated({ limit: 2 });
      send(source, 'ab');
      expect(record).toEqual([]);
      send(source, 'c');
      expect(record).toEqual(['x: QueueFullError']);
      expect(source.observed).toBeFalse();
      expect(event.waiting).toBe(0);
    });

    it('says in the message which event is full', () => {
      const event = new Event({ name: 'online' });
      const messages: string[] = [];
      of(1, 2)
        .pipe(gateByEvent(event, { limit: 1 }))
        .subscribe({ error: ({ message }: Error) => messages.push(message) });
      expect(messages).toEqual(['cannot hold 2 values for event "online": its limit is 1']);
    });

    it('drops the oldest held value, or the newest', () => {
      for (const [overflow, expected] of [
        ['drop-oldest', 'cd'],
        ['drop-newest', 'ab'],
      ] as const) {
        const { event, source, record } = gated({ limit: 2, overflow });
        send(source, 'abcd');
        event.set();
        expect(passed(record)).toBe(expected);
        send(source, 'ef');
        expect(passed(record)).toBe(`${expected}ef`);
      }
    });

    it('of 0 holds no value', () => {
      for (const overflow of ['drop-oldest', 'drop-newest'] as const) {
        const { event, source, record } = gated({ limit: 0, overflow });
        send(source, 'ab');
        expect(event.waiting).toBe(0);
        event.set();
        send(source, 'c');
        expect(passed(record)).toBe('c');
      }
    });
  });

  it('throws at the call for an argument that is no event, and for malformed options', () => {
    const event = new Event();
    expect(() => gateByEvent(undefined as unknown as Event)).toThrowError(
      TypeError,
      'gateByEvent needs an Event of rxjs-locks, but got undefined',
    );
    for (const limit of [-1, 1.5, NaN]) {
      expect(() => gateByEvent(event, { limit })).toThrowError(
        RangeError,
        `limit must be an integer of at least 0, but is ${String(limit)}`,
      );
    }
    expect(() => gateByEvent(event, { overflow: 'burst' as 'error' })).toThrowError(
      TypeError,
      `overflow must be 'error', 'drop-oldest' or 'drop-newest', but is "burst"`,
    );
  });
});
