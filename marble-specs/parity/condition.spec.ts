import { EMPTY, Subject, type Subscription } from 'rxjs';
import { Condition, Lock, NotAcquiredError, type Permit } from 'rxjs-locks';

import { deliveries } from '../support/deliveries.js';

/** Bugs that conditions elsewhere had, by the number of their tracker and, where there is one, CPython's test. */
describe('Parity of Condition', () => {
  let condition: Condition;

  let record: string[];

  let waiters: Map<string, Subscription>;

  beforeEach(() => {
    condition = new Condition();
    record = [];
    waiters = new Map();
  });

  /** Starts a waiter that acquires the lock and waits. After its wake-up it writes a record, while it holds the lock. */
  function startWaiter(name: string, until?: Subject<void>): void {
    const section = condition
      .use((permit) => condition.wait({ permit, ...(until && { until }) }))
      .subscribe({
        next: (notified) => record.push(`${name} ${notified ? 'notified' : 'timed out'}${condition.locked() ? '' : ' outside'}`),
        error: (error: unknown) => record.push(`${name} failed: ${error instanceof Error ? error.name : String(error)}`),
      });
    waiters.set(name, section);
  }

  function cancel(name: string): void {
    waiters.get(name)?.unsubscribe();
  }

  function acquireNow(): Permit {
    const permit = condition.tryAcquire();
    if (permit === null) {
      throw new Error('the lock is not free');
    }
    return permit;
  }

  function whileLocked(act: () => void): void {
    const permit = acquireNow();
    act();
    permit.release();
  }

  it('C1: wait() and notify() without the lock are errors, and any holder may notify', () => {
    const errors: unknown[] = [];
    condition.wait().subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([jasmine.any(NotAcquiredError)]);
    expect(() => {
      condition.notify();
    }).toThrowError(NotAcquiredError);
    const permit = acquireNow();
    expect(() => {
      condition.notify();
    }).not.toThrow();
    permit.release();
  });

  for (const [where, deliver] of deliveries) {
    it(`C2 bpo-22970, python/asyncio #346, test_wait_cancel_contested: a wait that times out under contention resumes with the lock, ${where}`, () => {
      const until = new Subject<void>();
      startWaiter('a', until);
      const permit = acquireNow();
      deliver(() => {
        until.next();
      });
      expect(record).toEqual([]);
      permit.release();
      expect(record).toEqual(['a timed out']);
      expect(condition.locked()).toBeFalse();
    });

    it(`C3 bpo-32841, gh-77022, test_wait_cancel_after_notify: a cancel takes effect while the waiter waits for the lock again, ${where}`, () => {
      startWaiter('a');
      const permit = acquireNow();
      condition.notify();
      deliver(() => {
        cancel('a');
      });
      permit.release();
      expect(record).toEqual([]);
      expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
    });

    it(`C5 gh-112202, test_cancelled_wakeup: a notification that races with a cancel reaches another waiter, ${where}`, () => {
      startWaiter('a');
      startWaiter('b');
      deliver(() => {
        whileLocked(() => {
          condition.notify();
          cancel('a');
        });
      });
      expect(record).toEqual(['b notified']);
    });

    it(`C5 anyio #1075, test_cancelled_wakeup_relock: it does so even if the lock is already granted to the cancelled waiter, ${where}`, () => {
      startWaiter('a');
      startWaiter('b');
      const permit = acquireNow();
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
      startWaiter('a', until);
      const other = acquireNow();
      condition.notify();
      deliver(() => {
        until.next();
        other.release();
      });
      expect(record).toEqual(['a notified']);
      expect(condition.locked()).toBeFalse();
    });
  }

  it('C7: waitFor waits on until the predicate is true, and emits the value of the predicate', () => {
    let value = 0;
    condition.use((permit) => condition.waitFor(() => value, { permit })).subscribe((seen) => record.push(String(seen)));
    whileLocked(() => {
      condition.notify();
    });
    expect(record).toEqual([]);
    whileLocked(() => {
      value = 7;
      condition.notify();
    });
    expect(record).toEqual(['7']);
  });

  it('C8: a predicate that throws keeps the lock, and the notification passes on (a difference: CPython loses it)', () => {
    let wrong = false;
    const permit = acquireNow();
    const predicate = (): boolean => {
      if (wrong) {
        throw new RangeError('predicate');
      }
      return false;
    };
    condition.waitFor(predicate, { permit }).subscribe({ error: ({ name }: Error) => record.push(name) });
    startWaiter('b');
    wrong = true;
    whileLocked(() => {
      condition.notify();
    });
    expect(record).toEqual(['RangeError']);
    expect(permit.released).toBeFalse();
    permit.release();
    expect(record).toEqual(['RangeError', 'b notified']);
  });

  it('C9: earlier waiters of the lock go before those that notify_all() wakes, which go in order, and before later ones', () => {
    startWaiter('a');
    startWaiter('b');
    const permit = acquireNow();
    const useLock = (name: string): void => {
      condition
        .use(() => {
          record.push(name);
          return EMPTY;
        })
        .subscribe();
    };
    useLock('before');
    condition.notifyAll();
    useLock('after');
    permit.release();
    expect(record).toEqual(['before', 'a notified', 'b notified', 'after']);
  });

  it('C10: notify(n) wakes no more waiters than there are, is not remembered, and skips cancelled waiters', () => {
    whileLocked(() => {
      condition.notify(3);
    });
    ['a', 'b', 'c'].forEach((name) => {
      startWaiter(name);
    });
    expect(record).toEqual([]);
    cancel('a');
    whileLocked(() => {
      condition.notify(1);
    });
    expect(record).toEqual(['b notified']);
    whileLocked(() => {
      condition.notify(5);
    });
    expect(record).toEqual(['b notified', 'c notified']);
  });

  it('C11 bpo-45416, anyio #1319, test_explicit_lock: two conditions share a lock, and each wakes its own waiters', () => {
    const lock = new Lock();
    condition = new Condition(lock);
    const other = new Condition(lock);
    startWaiter('a');
    other.use((permit) => other.wait({ permit })).subscribe(() => record.push('other'));
    whileLocked(() => {
      condition.notifyAll();
    });
    expect(record).toEqual(['a notified']);
    expect(other.waiting).toBe(1);
  });
});
