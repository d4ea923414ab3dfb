import { concat, map, Observable } from 'rxjs';
import { AsyncEvent, Event } from 'rxjs-locks';

import { itCloses } from '../contracts/closing.js';
import { itIsStateful } from '../contracts/stateful.js';
import { deliveries, insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

describe('Event', () => {
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

  it('is exported as AsyncEvent too, since the DOM has an Event', () => {
    expect(AsyncEvent).toBe(Event);
  });

  itMarbles('wakes who waits when it is set, and who comes later at once', ({ cold, expectObservable }) => {
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

  for (const [where, deliver] of deliveries) {
    it(`wakes everyone who waits at that moment, though clear() follows at once, ${where} (law 12)`, () => {
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

    it(`forgets who leaves before it is set, ${where} (law 4)`, () => {
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

    it(`tells nothing to who leaves while its wake-up is under way, ${where} (law 6)`, () => {
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

    it(`emits inside subscribe where it is set, ${where} (law 2)`, () => {
      const event = new Event();
      event.set();
      const record: string[] = [];
      deliver(() => {
        event.wait().subscribe(recorder(record, 'a'));
        expect(record).toEqual(['a: true', 'a: complete']);
      });
    });
  }

  it('wakes on set() then clear() inside a delivery those who waited, and none who came in between', () => {
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

  it('starts clear, is set and cleared as often as one likes', () => {
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

  it('registers at subscribe, and looks at the flag then (cocotb #4675)', () => {
    const event = new Event();
    const wait = event.wait();
    event.set();
    const record: string[] = [];
    wait.subscribe(recorder(record, 'a'));
    expect(record).toEqual(['a: true', 'a: complete']);
  });

  it('gives closed subscribers nothing, set or not (law 6)', () => {
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

  it('still can be set and cleared after it was closed, and lets nobody wait who comes (law 13)', () => {
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

  heavy(it)('wakes a hundred thousand in order', () => {
    const event = new Event();
    let next = 0;
    let inOrder = true;
    for (let who = 0; who < 100_000; who++) {
      event.wait().subscribe(() => {
        inOrder &&= next++ === who;
      });
    }
    event.set();
    expect(next).toBe(100_000);
    expect(inOrder).toBeTrue();
  });
});
