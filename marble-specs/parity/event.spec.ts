import { Event } from 'rxjs-locks';

import { deliveries } from '../support/deliveries.js';

/** Bugs that events elsewhere had, by the number of their tracker and, where there is one, CPython's test. */
describe('Parity of Event', () => {
  function waiting(event: Event, names: string): { record: string[]; cancel: (name: string) => void } {
    const record: string[] = [];
    const subscriptions = new Map(names.split('').map((name) => [name, event.wait().subscribe(() => record.push(name))]));
    return { record, cancel: (name) => subscriptions.get(name)?.unsubscribe() };
  }

  for (const [where, deliver] of deliveries) {
    it(`E1 gh-101359, test_clear_with_waiters: set() and clear() in one turn wake all waiters, although the event is clear by then, ${where}`, () => {
      const event = new Event();
      const { record } = waiting(event, 'abc');
      deliver(() => {
        event.set();
        event.clear();
      });
      expect(record).toEqual(['a', 'b', 'c']);
      expect(event.value).toEqual({ set: false, waiting: 0 });
    });
  }

  it('E2: a second set() changes nothing, and wait() on a set event completes at once', () => {
    const event = new Event();
    event.set();
    event.set();
    const { record } = waiting(event, 'a');
    expect(record).toEqual(['a']);
  });

  for (const [where, deliver] of deliveries) {
    it(`E3 anyio #536: the cancel of one waiter does not affect the others, ${where}`, () => {
      const event = new Event();
      const { record, cancel } = waiting(event, 'abc');
      deliver(() => {
        cancel('b');
        event.set();
      });
      expect(record).toEqual(['a', 'c']);
    });
  }

  it('E5 cocotb #4675: a wait that is made before set() and subscribed to after it completes at once', () => {
    const event = new Event();
    const wait = event.wait();
    event.set();
    let completed = false;
    wait.subscribe({ complete: () => (completed = true) });
    expect(completed).toBeTrue();
  });
});
