import { EMPTY, Subject, type Subscription } from 'rxjs';
import { Condition, Lock, NotAcquiredError, type Permit } from 'rxjs-locks';

import { deliveries } from '../support/deliveries.js';

/** Bugs that conditions elsewhere had, by the number of their tracker and, where there is one, CPython's test. */
describe('Parity of Condition', () => {
  let condition: Condition;
  let record: string[];
  let sleepers: Map<string, Subscription>;

  beforeEach(() => {
    condition = new Condition();
    record = [];
    sleepers = new Map();
  });

  /** One enters and waits; once woken it says so, still inside. */
  function sleep(name: string, until?: Subject<void>): void {
    const section = condition
      .use((permit) => condition.wait({ permit, ...(until && { until }) }))
      .subscribe({
        next: (notified) => record.push(`${name} ${notified ? 'notified' : 'timed out'}${condition.locked() ? '' : ' outside'}`),
        error: (error: unknown) => record.push(`${name} failed: ${error instanceof Error ? error.name : String(error)}`),
      });
    sleepers.set(name, section);
  }

  function cancel(name: string): void {
    sleepers.get(name)?.unsubscribe();
  }

  function hold(): Permit {
    const permit = condition.tryAcquire();
    if (permit === null) {
      throw new Error('the lock is not free');
    }
    return permit;
  }

  function inside(act: () => void): void {
    const permit = hold();
    act();
    permit.release();
  }

  it('C1: to wait or to notify without the lock is an error; to notify needs somebody to hold it', () => {
    const errors: unknown[] = [];
    condition.wait().subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([jasmine.any(NotAcquiredError)]);
    expect(() => {
      condition.notify();
    }).toThrowError(NotAcquiredError);
    const permit = hold();
    expect(() => {
      condition.notify();
    }).not.toThrow();
    permit.release();
  });

  for (const [where, deliver] of deliveries) {
    it(`C2 bpo-22970, python/asyncio #346, test_wait_cancel_contested: timed out while the lock is contested, it goes on holding it again, ${where}`, () => {
      const until = new Subject<void>();
      sleep('a', until);
      const permit = hold();
      deliver(() => {
        until.next();
      });
      expect(record).toEqual([]);
      permit.release();
      expect(record).toEqual(['a timed out']);
      expect(condition.locked()).toBeFalse();
    });

    it(`C3 bpo-32841, gh-77022, test_wait_cancel_after_notify: a cancel while it comes back for the lock is not swallowed, ${where}`, () => {
      sleep('a');
      const permit = hold();
      condition.notify();
      deliver(() => {
        cancel('a');
      });
      permit.release();
      expect(record).toEqual([]);
      expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
    });

    it(`C5 gh-112202, test_cancelled_wakeup: a notification that races with a cancel reaches another waiter, ${where}`, () => {
      sleep('a');
      sleep('b');
      deliver(() => {
        inside(() => {
          condition.notify();
          cancel('a');
        });
      });
      expect(record).toEqual(['b notified']);
    });

    it(`C5 anyio #1075, test_cancelled_wakeup_relock: also when the cancelled one has been promised the lock already, ${where}`, () => {
      sleep('a');
      sleep('b');
      const permit = hold();
      condition.notify();
      condition.lock.subscribe(({ waiting }) => {
        if (waiting === 0) {
          cancel('a');
        }
      });
      deliver(() => {
        permit.release();
      });
      expect(record).toEqual(['b notified']);
      expect(condition.locked()).toBeFalse();
    });

    it(`C6 bpo-33638, gh-77819, bpo-39032, gh-83213, bpo-42600, gh-86766: a timeout never leaves a section without its lock, ${where}`, () => {
      const until = new Subject<void>();
      sleep('a', until);
      const other = hold();
      condition.notify();
      deliver(() => {
        until.next();
        other.release();
      });
      expect(record).toEqual(['a notified']);
      expect(condition.locked()).toBeFalse();
    });
  }

  it('C7: woken without what it waits for, waitFor waits on, and it gives the value of the predicate', () => {
    let value = 0;
    condition.use((permit) => condition.waitFor(() => value, { permit })).subscribe((seen) => record.push(String(seen)));
    inside(() => {
      condition.notify();
    });
    expect(record).toEqual([]);
    inside(() => {
      value = 7;
      condition.notify();
    });
    expect(record).toEqual(['7']);
  });

  it('C8: when a predicate throws, the lock is held, and the notification goes to the next one (a difference: CPython loses it)', () => {
    let wrong = false;
    const permit = hold();
    const predicate = (): boolean => {
      if (wrong) {
        throw new RangeError('predicate');
      }
      return false;
    };
    condition.waitFor(predicate, { permit }).subscribe({ error: ({ name }: Error) => record.push(name) });
    sleep('b');
    wrong = true;
    inside(() => {
      condition.notify();
    });
    expect(record).toEqual(['RangeError']);
    expect(permit.released).toBeFalse();
    permit.release();
    expect(record).toEqual(['RangeError', 'b notified']);
  });

  it('C9: who waited for the lock before notify_all() goes first, then the notified in order, then who came after', () => {
    sleep('a');
    sleep('b');
    const permit = hold();
    const visit = (name: string): void => {
      condition
        .use(() => {
          record.push(name);
          return EMPTY;
        })
        .subscribe();
    };
    visit('before');
    condition.notifyAll();
    visit('after');
    permit.release();
    expect(record).toEqual(['before', 'a notified', 'b notified', 'after']);
  });

  it('C10: notify(n) wakes no more than there are, is not remembered, and counts those who are still there', () => {
    inside(() => {
      condition.notify(3);
    });
    ['a', 'b', 'c'].forEach((name) => {
      sleep(name);
    });
    expect(record).toEqual([]);
    cancel('a');
    inside(() => {
      condition.notify(1);
    });
    expect(record).toEqual(['b notified']);
    inside(() => {
      condition.notify(5);
    });
    expect(record).toEqual(['b notified', 'c notified']);
  });

  it('C11 bpo-45416, anyio #1319, test_explicit_lock: two conditions share a lock, and each wakes its own', () => {
    const lock = new Lock();
    condition = new Condition(lock);
    const other = new Condition(lock);
    sleep('a');
    other.use((permit) => other.wait({ permit })).subscribe(() => record.push('other'));
    inside(() => {
      condition.notifyAll();
    });
    expect(record).toEqual(['a notified']);
    expect(other.waiting).toBe(1);
  });
});
