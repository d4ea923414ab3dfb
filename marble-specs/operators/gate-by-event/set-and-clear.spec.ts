import { Subject, tap } from 'rxjs';
import { Event } from 'rxjs-locks';
import { gateByEvent, type GateOptions } from 'rxjs-locks/operators';

import { deliveries, insideADelivery } from '../../support/deliveries.js';
import { recorder } from '../../support/recorder.js';

describe('gateByEvent, when set() and clear() follow each other', () => {
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

  for (const [where, deliver] of deliveries) {
    it(`emits what it held at set(), although clear() follows immediately, ${where}`, () => {
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

    it(`holds the rest again when clear() is called after the first value was emitted, ${where}`, () => {
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

    it(`emits the rest when set() follows that clear(), whatever follows that, ${where}`, () => {
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

  describe('inside the handler of a value', () => {
    it('emits at each set() the values held then, and holds the rest again at a clear() after the next value', () => {
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

    it('holds a value that arrives while the event is clear, although an earlier set() still emits others', () => {
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

    it('ignores a set() of an event that is set: a clear() after it holds the rest', () => {
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

    it('keeps the order of values that arrive while others are emitted', () => {
      const { event, source, record } = gated({}, (value) => {
        if (value === 'a') {
          send(source, 'cd');
        }
      });
      send(source, 'ab');
      event.set();
      expect(passed(record)).toBe('abcd');
    });

    it('emits a value to all handlers before one that arrives meanwhile', () => {
      const { event, source, record } = gated({}, (value) => {
        if (value === 'a') {
          send(source, 'b');
        }
      });
      send(source, 'a');
      event.set();
      expect(passed(record)).toBe('ab');
    });
  });

  describe('before the delivery of set()', () => {
    it('completes after the held values and after the values that arrived since', () => {
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

    it('completes after the values whose delivery is under way', () => {
      const { event, source, record } = gated();
      send(source, 'ab');
      insideADelivery(() => {
        event.set();
        source.complete();
        expect(passed(record)).toBe('');
      });
      expect(record).toEqual(['x: a', 'x: b', 'x: complete']);
    });

    it('emits each held value once, however often set() and clear() are called', () => {
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

    it('keeps the order of values that arrive between set() and its delivery', () => {
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
  });

  describe('with a limit', () => {
    for (const [overflow, expected] of [
      ['error', ['x: a', 'x: QueueFullError']],
      ['drop-oldest', ['x: a', 'x: e', 'x: f']],
      ['drop-newest', ['x: a', 'x: b', 'x: c']],
    ] as const) {
      it(`and overflow: '${overflow}', holds no more than the limit when clear() follows many values that arrived during the emission`, () => {
        const event = new Event();
        const source = new Subject<string>();
        const record: string[] = [];
        const observer = recorder<string>(record, 'x');
        source.pipe(gateByEvent(event, { limit: 2, overflow })).subscribe({
          ...observer,
          next: (value) => {
            observer.next(value);
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

    it('counts the values that a clear() holds again', () => {
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

    it('holds as many values as the limit when clear() follows exactly so many that arrived during the emission', () => {
      const event = new Event();
      const source = new Subject<string>();
      const record: string[] = [];
      const observer = recorder<string>(record, 'x');
      source.pipe(gateByEvent(event, { limit: 2 })).subscribe({
        ...observer,
        next: (value) => {
          observer.next(value);
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

    it('of 0, drops the held values at a clear() inside the emission', () => {
      const event = new Event();
      const record: string[] = [];
      const source = new Subject<string>();
      const observer = recorder<string>(record, 'x');
      source.pipe(gateByEvent(event, { limit: 1, overflow: 'drop-newest' })).subscribe(observer);
      const none = new Subject<string>();
      none.pipe(gateByEvent(event, { limit: 0, overflow: 'drop-newest' })).subscribe(recorder(record, 'none'));
      send(none, 'a');
      send(source, 'b');
      event.set();
      expect(record).toEqual(['x: b']);
    });

    it('holds no value after it has failed inside a handler', () => {
      const event = new Event();
      const source = new Subject<string>();
      const record: string[] = [];
      const observer = recorder<string>(record, 'x');
      source.pipe(gateByEvent(event, { limit: 1 })).subscribe({
        ...observer,
        next: (value) => {
          observer.next(value);
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

    it('counts only held values: a value whose delivery is under way is not dropped', () => {
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
});
