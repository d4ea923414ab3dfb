import { concat, finalize, NEVER, of, range, repeat, Subject, take, tap } from 'rxjs';
import { captureContext, Event } from 'rxjs-locks';
import { gateByEvent, type GateOptions } from 'rxjs-locks/operators';

import { deliveries, insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

describe('gateByEvent', () => {
  itMarbles('lets values pass while the event is set, and holds them while it is clear', ({ cold, expectObservable }) => {
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

  itMarbles('completes at once when nothing is held, and errors at once whatever is', ({ cold, hot, expectObservable }) => {
    const event = new Event();
    const completes = hot('  ---|     ');
    const fails = cold('     -a-#     ');
    const expected1 = '      ---|     ';
    const expected2 = '      ---#     ';
    expectObservable(completes.pipe(gateByEvent(event))).toBe(expected1);
    expectObservable(fails.pipe(gateByEvent(event))).toBe(expected2);
  });

  /** A source, a gate, what is done with each value that it hands down, and what came through. */
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

  for (const [where, deliver] of deliveries) {
    it(`lets go of what is held at set(), though clear() follows at once, ${where} (law 12)`, () => {
      const { event, source, record } = gated();
      send(source, 'abc');
      deliver(() => {
        event.set();
        event.clear();
      });
      expect(passed(record)).toBe('abc');
      send(source, 'd');
      expect(passed(record)).toBe('abc');
    });

    it(`holds the rest again when clear() comes after the first was handed down, ${where}`, () => {
      const { event, source, record } = gated({}, (value) => {
        if (value === 'a') {
          event.clear();
        }
      });
      send(source, 'abc');
      deliver(() => {
        event.set();
      });
      expect(passed(record)).toBe('a');
      expect(event.waiting).toBe(1);
      send(source, 'd');
      deliver(() => {
        event.set();
      });
      expect(passed(record)).toBe('abcd');
      expect(event.waiting).toBe(0);
    });

    it(`lets the rest go when set() follows that clear(), whatever follows that, ${where}`, () => {
      const { event, source, record } = gated({}, (value) => {
        if (value === 'a') {
          event.clear();
          event.set();
          event.clear();
        }
      });
      send(source, 'abc');
      deliver(() => {
        event.set();
      });
      expect(passed(record)).toBe('abc');
      expect(event.isSet()).toBeFalse();
    });
  }

  it('lets go at each set() what has not been handed down, and holds the rest again at a clear() after the next one was', () => {
    const { event, source, record } = gated({}, (value) => {
      if (value === 'b') {
        event.set();
        event.clear();
      } else if (value === 'c') {
        event.set();
      } else if (value === 'd') {
        event.clear();
      }
    });
    send(source, 'abcdef');
    insideADelivery(() => {
      event.set();
      event.clear();
    });
    expect(passed(record)).toBe('abcd');
    event.set();
    expect(passed(record)).toBe('abcdef');
  });

  it('holds what comes while it is clear, though others go on by an earlier set()', () => {
    const { event, source, record } = gated({}, (value) => {
      if (value === 'a') {
        event.clear();
        event.set();
        event.clear();
        send(source, 'd');
      }
    });
    send(source, 'ab');
    event.set();
    expect(passed(record)).toBe('ab');
    expect(event.waiting).toBe(1);
    event.set();
    expect(passed(record)).toBe('abd');
  });

  it('counts to its limit what a clear() holds again', () => {
    const { event, source, record } = gated({ limit: 2 }, (value) => {
      if (value === 'a') {
        event.clear();
        send(source, 'cd');
      }
    });
    send(source, 'ab');
    event.set();
    expect(record).toEqual(['x: QueueFullError']);
  });

  it('captures no context for a value that passes at once', () => {
    const capture = jasmine.createSpy('capture');
    const { event, source, record } = gated();
    event.set();
    captureContext(capture);
    send(source, 'ab');
    captureContext(undefined);
    expect(passed(record)).toBe('ab');
    expect(capture).not.toHaveBeenCalled();
  });

  it('completes behind what was held when the event was set, and what came after that', () => {
    const { event, source, record } = gated();
    send(source, 'a');
    insideADelivery(() => {
      event.set();
      send(source, 'b');
      source.complete();
      expect(record).toEqual([]);
    });
    expect(record).toEqual(['x: a', 'x: b', 'x: complete']);
  });

  it('leaves nothing at the event once it holds nothing', () => {
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

  it('takes no notice of a set() of what is set: a clear() after it holds the rest all the same', () => {
    const { event, source, record } = gated({}, (value) => {
      if (value === 'a') {
        event.set();
        event.clear();
      }
    });
    send(source, 'abc');
    event.set();
    expect(passed(record)).toBe('a');
  });

  it('waits with its completion for what was let go and is on its way', () => {
    const { event, source, record } = gated();
    send(source, 'ab');
    insideADelivery(() => {
      event.set();
      source.complete();
      expect(passed(record)).toBe('');
    });
    expect(record).toEqual(['x: a', 'x: b', 'x: complete']);
  });

  it('can be left before it ever held anything', () => {
    const subscription = NEVER.pipe(gateByEvent(new Event())).subscribe();
    expect(() => {
      subscription.unsubscribe();
    }).not.toThrow();
  });

  it('lets go of what is held once, however often it is set and cleared before it hears', () => {
    const { event, source, record } = gated();
    send(source, 'ab');
    insideADelivery(() => {
      event.set();
      event.clear();
      send(source, 'c');
      event.set();
      event.clear();
      event.set();
      event.clear();
      send(source, 'd');
    });
    expect(passed(record)).toBe('abc');
  });

  it('keeps the order of values that come between set() and its delivery', () => {
    const { event, source, record } = gated();
    send(source, 'ab');
    insideADelivery(() => {
      event.set();
      send(source, 'c');
      expect(passed(record)).toBe('');
      event.clear();
      send(source, 'd');
    });
    expect(passed(record)).toBe('abc');
    event.set();
    expect(passed(record)).toBe('abcd');
  });

  it('keeps the order of values that come while others are handed down', () => {
    const { event, source, record } = gated({}, (value) => {
      if (value === 'a') {
        send(source, 'cd');
      }
    });
    send(source, 'ab');
    event.set();
    expect(passed(record)).toBe('abcd');
  });

  it('hands a value down in full before one that comes meanwhile, the last of those that were held too', () => {
    const { event, source, record } = gated({}, (value) => {
      if (value === 'a') {
        send(source, 'b');
      }
    });
    send(source, 'a');
    event.set();
    expect(passed(record)).toBe('ab');
  });

  it('waits with its completion for what is held', () => {
    const { event, source, record } = gated();
    send(source, 'a');
    source.complete();
    expect(record).toEqual([]);
    event.set();
    expect(record).toEqual(['x: a', 'x: complete']);
  });

  it('forgets what is held, and leaves the line, when it is unsubscribed', () => {
    const event = new Event();
    const source = new Subject<string>();
    const gate = source.pipe(gateByEvent(event)).subscribe();
    send(source, 'ab');
    expect(event.waiting).toBe(1);
    gate.unsubscribe();
    expect(event.waiting).toBe(0);
    expect(source.observed).toBeFalse();
  });

  it('stops midway when downstream has had enough, of a held and of a synchronous source', () => {
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

  heavy(it)('holds a hundred thousand values, and lets them go in order on a flat stack', () => {
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

  it('starts anew for each subscription', () => {
    const event = new Event();
    event.set();
    const record: string[] = [];
    of('a').pipe(gateByEvent(event), repeat(2)).subscribe(recorder(record, 'x'));
    expect(record).toEqual(['x: a', 'x: a', 'x: complete']);
  });

  it('fails when the event is closed while something is held, and passes on what the set one lets', () => {
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

  describe('with a limit', () => {
    it('fails with a QueueFullError at one value more', () => {
      const { event, source, record } = gated({ limit: 2 });
      send(source, 'ab');
      expect(record).toEqual([]);
      send(source, 'c');
      expect(record).toEqual(['x: QueueFullError']);
      expect(source.observed).toBeFalse();
      expect(event.waiting).toBe(0);
    });

    it('says what is full', () => {
      const event = new Event({ name: 'online' });
      const messages: string[] = [];
      of(1, 2)
        .pipe(gateByEvent(event, { limit: 1 }))
        .subscribe({ error: ({ message }: Error) => messages.push(message) });
      expect(messages).toEqual(['cannot hold 2 values for event "online": its limit is 1']);
    });

    for (const [overflow, expected] of [
      ['error', ['x: a', 'x: QueueFullError']],
      ['drop-oldest', ['x: a', 'x: e', 'x: f']],
      ['drop-newest', ['x: a', 'x: b', 'x: c']],
    ] as const) {
      it(`holds no more than that where many came while it let them go, and clear() follows: ${overflow}`, () => {
        const event = new Event();
        const source = new Subject<string>();
        const record: string[] = [];
        const hear = recorder<string>(record, 'x');
        source.pipe(gateByEvent(event, { limit: 2, overflow })).subscribe({
          ...hear,
          next: (value) => {
            hear.next(value);
            if (value === 'a') {
              send(source, 'cdef');
              event.clear();
            }
          },
        });
        send(source, 'ab');
        event.set();
        event.set();
        expect(record).toEqual([...expected]);
        expect(event.waiting).toBe(0);
      });
    }

    it('holds as many as that where exactly so many came while it let others go, and clear() follows', () => {
      const event = new Event();
      const source = new Subject<string>();
      const record: string[] = [];
      const hear = recorder<string>(record, 'x');
      source.pipe(gateByEvent(event, { limit: 2 })).subscribe({
        ...hear,
        next: (value) => {
          hear.next(value);
          if (value === 'a') {
            send(source, 'bc');
            event.clear();
          }
        },
      });
      send(source, 'a');
      event.set();
      expect(record).toEqual(['x: a']);
      expect(event.waiting).toBe(1);
      event.set();
      expect(record).toEqual(['x: a', 'x: b', 'x: c']);
    });

    it('drops all that came while it let others go, and clear() follows, where it may hold none', () => {
      const event = new Event();
      const record: string[] = [];
      const source = new Subject<string>();
      const hear = recorder<string>(record, 'x');
      source.pipe(gateByEvent(event, { limit: 1, overflow: 'drop-newest' })).subscribe(hear);
      const none = new Subject<string>();
      none.pipe(gateByEvent(event, { limit: 0, overflow: 'drop-newest' })).subscribe(recorder(record, 'none'));
      send(none, 'a');
      send(source, 'b');
      event.set();
      expect(record).toEqual(['x: b']);
    });

    it('holds nothing more once more came than that, in a handler that it is just calling', () => {
      const event = new Event();
      const source = new Subject<string>();
      const record: string[] = [];
      const hear = recorder<string>(record, 'x');
      source.pipe(gateByEvent(event, { limit: 1 })).subscribe({
        ...hear,
        next: (value) => {
          hear.next(value);
          send(source, 'cd');
          event.clear();
          send(source, 'e');
        },
      });
      send(source, 'a');
      event.set();
      expect(record).toEqual(['x: a', 'x: QueueFullError']);
      expect(event.waiting).toBe(0);
    });

    it('drops the oldest that is held, or the newest', () => {
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

    it('of 0 holds nothing', () => {
      for (const overflow of ['drop-oldest', 'drop-newest'] as const) {
        const { event, source, record } = gated({ limit: 0, overflow });
        send(source, 'ab');
        expect(event.waiting).toBe(0);
        event.set();
        send(source, 'c');
        expect(passed(record)).toBe('c');
      }
    });

    it('counts only what is held: what was let go and is on its way is not dropped', () => {
      const { event, source, record } = gated({ limit: 2, overflow: 'drop-oldest' });
      send(source, 'ab');
      insideADelivery(() => {
        event.set();
        send(source, 'c');
        event.clear();
        send(source, 'def');
      });
      expect(passed(record)).toBe('abc');
      event.set();
      expect(passed(record)).toBe('abcef');
    });
  });

  it('refuses what is no event, and malformed options', () => {
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
