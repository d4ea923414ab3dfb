import { concat, map, Observable } from 'rxjs';
import { AsyncEvent, Event } from 'rxjs-locks';

import { itCloses } from '../contracts/closing.js';
import { itIsStateful } from '../contracts/stateful.js';
import { deliveries, insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

/** Writes `t` for the value that a waiter gets. */
const woken = map(() => 't');

describe('Event', () => {
  describe('Order', () => {
    itMarbles('wakes a waiter when it is set, and completes a later wait at once', ({ cold, expectObservable }) => {
      const event = new Event();
      const set = cold('   ---x     ');
      const later = cold(' -----|   ');
      const expected1 = '  ---(t|)  ';
      const expected2 = '  -----(t|)';
      set.subscribe(() => {
        event.set();
      });
      const wait = event.wait().pipe(map(() => 't'));
      expectObservable(wait).toBe(expected1);
      expectObservable(concat(later, wait)).toBe(expected2);
    });

    itMarbles('wakes all of its waiters in the frame of set()', ({ hot, expectObservable }) => {
      const event = new Event();
      const sets = hot('-----x     ');
      const aSubs = '   ^          ';
      const bSubs = '   --^        ';
      const cSubs = '   ----^      ';
      const a = '       -----(t|)  ';
      const b = '       -----(t|)  ';
      const c = '       -----(t|)  ';
      sets.subscribe(() => {
        event.set();
      });
      expectObservable(event.wait().pipe(woken), aSubs).toBe(a);
      expectObservable(event.wait().pipe(woken), bSubs).toBe(b);
      expectObservable(event.wait().pipe(woken), cSubs).toBe(c);
    });

    itMarbles('makes a waiter that subscribes after clear() wait for the next set()', ({ hot, expectObservable }) => {
      const event = new Event();
      const acts = hot('--s--c--s    ');
      const aSubs = '   ^            ';
      const bSubs = '   ---^         ';
      const cSubs = '   ------^      ';
      const a = '       --(t|)       ';
      const b = '       ---(t|)      ';
      const c = '       --------(t|) ';
      acts.subscribe((act) => {
        if (act === 's') {
          event.set();
        } else {
          event.clear();
        }
      });
      expectObservable(event.wait().pipe(woken), aSubs).toBe(a);
      expectObservable(event.wait().pipe(woken), bSubs).toBe(b);
      expectObservable(event.wait().pipe(woken), cSubs).toBe(c);
    });

    for (const [where, deliver] of deliveries) {
      it(`wakes all current waiters, even if clear() follows at once, ${where}`, () => {
        const event = new Event();
        const record: string[] = [];
        event.wait().subscribe(() => {
          record.push(`a, ${event.isSet() ? 'set' : 'clear'}`);
          event.clear();
          event.wait().subscribe(() => record.push('a again'));
        });
        event.wait().subscribe(() => record.push(`b, ${event.isSet() ? 'set' : 'clear'}`));
        deliver(() => {
          event.set();
        });
        expect(record).toEqual(['a, set', 'b, clear']);
        expect(event.value).toEqual({ set: false, waiting: 1 });
      });
    }

    it('wakes on set() and clear() inside a delivery the waiters from before, and no waiter that subscribes between them', () => {
      const event = new Event();
      const record: string[] = [];
      event.wait().subscribe(() => record.push('before'));
      insideADelivery(() => {
        event.set();
        event.clear();
        event.wait().subscribe(() => record.push('after'));
      });
      expect(record).toEqual(['before']);
      expect(event.waiting).toBe(1);
    });

    for (const [where, deliver] of deliveries) {
      it(`emits inside subscribe when it is set, ${where}`, () => {
        const event = new Event();
        event.set();
        const record: string[] = [];
        deliver(() => {
          event.wait().subscribe(recorder(record, 'a'));
          expect(record).toEqual(['a: true', 'a: complete']);
        });
      });
    }

    heavy(it)('wakes a hundred thousand waiters in order', () => {
      const event = new Event();
      let next = 0;
      let inOrder = true;
      for (let index = 0; index < 100_000; index++) {
        event.wait().subscribe(() => {
          inOrder &&= next++ === index;
        });
      }
      event.set();
      expect(next).toBe(100_000);
      expect(inOrder).toBeTrue();
    });
  });

  describe('Cancelling', () => {
    itMarbles('does not wake a waiter that has unsubscribed', ({ hot, expectObservable }) => {
      const event = new Event();
      const sets = hot('-----x     ');
      const aSubs = '   ^--!       ';
      const a = '       ------     ';
      const b = '       -----(t|)  ';
      const states = '  2--1-0     ';
      sets.subscribe(() => {
        event.set();
      });
      expectObservable(event.wait().pipe(woken), aSubs).toBe(a);
      expectObservable(event.wait().pipe(woken)).toBe(b);
      expectObservable(event.pipe(map(({ waiting }) => String(waiting)))).toBe(states);
    });

    for (const [where, deliver] of deliveries) {
      it(`removes a waiter that unsubscribes before set(), ${where}`, () => {
        const event = new Event();
        const record: string[] = [];
        event.wait().subscribe(() => record.push('a'));
        const b = event.wait().subscribe(() => record.push('b'));
        event.wait().subscribe(() => record.push('c'));
        deliver(() => {
          b.unsubscribe();
          expect(event.waiting).toBe(2);
          event.set();
        });
        expect(record).toEqual(['a', 'c']);
      });

      it(`emits nothing to a waiter that unsubscribes before its wake-up is delivered, ${where}`, () => {
        const event = new Event();
        const record: string[] = [];
        event.wait().subscribe(() => {
          record.push('a');
          b.unsubscribe();
        });
        const b = event.wait().subscribe(() => record.push('b'));
        deliver(() => {
          event.set();
        });
        expect(record).toEqual(['a']);
      });
    }

    it('emits nothing to a closed subscriber, set or not', () => {
      const event = new Event();
      const record: string[] = [];
      const subscribeClosed = (): void => {
        new Observable<boolean>((subscriber) => {
          subscriber.unsubscribe();
          event.wait().subscribe(subscriber);
        }).subscribe(recorder(record, 'a'));
      };
      subscribeClosed();
      expect(event.waiting).toBe(0);
      event.set();
      subscribeClosed();
      expect(record).toEqual([]);
    });
  });

  describe('State', () => {
    it('starts clear, and publishes only real changes of its flag', () => {
      const event = new Event();
      const states: boolean[] = [];
      event.subscribe(({ set }) => states.push(set));
      event.clear();
      event.set();
      event.set();
      event.clear();
      event.clear();
      expect(states).toEqual([false, true, false]);
    });

    it('reads the flag at subscribe, not at the call of wait() (cocotb #4675)', () => {
      const event = new Event();
      const wait = event.wait();
      event.set();
      const record: string[] = [];
      wait.subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: true', 'a: complete']);
    });
  });

  describe('Closing', () => {
    it('can still be set and cleared after it is closed, and rejects new waiters', () => {
      const event = new Event();
      const record: string[] = [];
      event.complete();
      event.set();
      expect(event.value).toEqual({ set: true, waiting: 0 });
      event.wait().subscribe(recorder(record, 'late'));
      expect(record).toEqual(['late: ClosedError']);
      event.clear();
      expect(event.isSet()).toBeFalse();
    });
  });

  describe('Names', () => {
    it('is exported as AsyncEvent too, because the DOM has an Event', () => {
      expect(AsyncEvent).toBe(Event);
    });
  });

  itIsStateful('Event', () => {
    const primitive = new Event();
    return {
      primitive,
      change: () => {
        primitive.set();
      },
      restore: () => {
        primitive.clear();
      },
      initial: { set: false, waiting: 0 },
      changed: { set: true, waiting: 0 },
    };
  });

  itCloses('Event', (options) => {
    const primitive = new Event({ name: 'online', ...options });
    return {
      primitive,
      wait: primitive.wait(),
      grant: () => {
        primitive.set();
      },
      name: 'event "online"',
      tried: 'wait for',
    };
  });
});
