import { Condition, NotAcquiredError } from 'rxjs-locks';

import { insideADelivery } from '../../support/deliveries.js';
import { heavy } from '../../support/heavy.js';

import { acquireNow, startWaiter, whileLocked } from './waiters.js';

describe('Condition.notify', () => {
  it('wakes as many waiters as it is given, and no more than there are (C10)', () => {
    const condition = new Condition();
    const record: string[] = [];
    ['a', 'b', 'c', 'd'].forEach((name) => startWaiter(condition, record, name));
    const woken = (): string[] => record.filter((word) => word.endsWith('true'));
    whileLocked(condition, () => {
      condition.notify();
    });
    expect(woken()).toEqual(['a: true']);
    whileLocked(condition, () => {
      condition.notify(2);
    });
    expect(woken()).toEqual(['a: true', 'b: true', 'c: true']);
    whileLocked(condition, () => {
      condition.notify(5);
    });
    expect(woken()).toEqual(['a: true', 'b: true', 'c: true', 'd: true']);
    whileLocked(condition, () => {
      condition.notifyAll();
    });
    const late: string[] = [];
    startWaiter(condition, late, 'late');
    expect(late).toEqual([]);
  });

  it('throws if the lock is not held, and accepts any holder (C1)', () => {
    const condition = new Condition(undefined, { name: 'changed' });
    const message = 'cannot notify condition "changed": it is not locked';
    expect(() => {
      condition.notify();
    }).toThrowError(NotAcquiredError, message);
    expect(() => {
      condition.notifyAll();
    }).toThrowError(NotAcquiredError, message);
    acquireNow(condition);
    expect(() => {
      condition.notify();
    }).not.toThrow();
  });

  it('throws between a grant of the lock and its delivery', () => {
    const condition = new Condition();
    const permit = acquireNow(condition);
    condition.acquire().subscribe();
    insideADelivery(() => {
      permit.release();
      expect(() => {
        condition.notify();
      }).toThrowError(NotAcquiredError);
    });
  });

  it('refuses counts that are not positive integers', () => {
    const condition = new Condition();
    acquireNow(condition);
    for (const count of [0, -1, 1.5, NaN]) {
      expect(() => {
        condition.notify(count);
      }).toThrowError(RangeError, `n must be an integer of at least 1, but is ${String(count)}`);
    }
  });

  it('publishes the state of the condition, then that of the lock, once each', () => {
    const condition = new Condition();
    const record: string[] = [];
    ['a', 'b', 'c'].forEach((name) => startWaiter(condition, [], name));
    const permit = acquireNow(condition);
    condition.subscribe(({ waiting }) => record.push(`condition ${String(waiting)}`));
    condition.lock.subscribe(({ waiting }) => record.push(`lock ${String(waiting)}`));
    condition.notify(2);
    expect(record).toEqual(['condition 3', 'lock 0', 'condition 1', 'lock 2']);
    permit.release();
  });

  heavy(it)('wakes a hundred thousand waiters in order, on a flat stack', () => {
    const condition = new Condition();
    let next = 0;
    let inOrder = true;
    for (let index = 0; index < 100_000; index++) {
      condition
        .use((permit) => condition.wait({ permit }))
        .subscribe(() => {
          inOrder &&= next++ === index;
        });
    }
    whileLocked(condition, () => {
      condition.notifyAll();
    });
    expect(next).toBe(100_000);
    expect(inOrder).toBeTrue();
    expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
  });
});
