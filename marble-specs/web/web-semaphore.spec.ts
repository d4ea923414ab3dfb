import { from, Observable, timer } from 'rxjs';
import { LockLostError } from 'rxjs-locks';
import { throttleBySemaphore } from 'rxjs-locks/operators';
import { WebLock, WebSemaphore, type WebPermit } from 'rxjs-locks/web';

import { recorder } from '../support/recorder.js';
import { isNode, itHasFakeLocks, itHasWebLocks, turn, uniqueName, until, untilShown } from '../support/web-platform.js';

describe('WebSemaphore', () => {
  itHasWebLocks();

  const record: string[] = [];
  let name: string;
  let semaphore: WebSemaphore;

  beforeEach(() => {
    name = uniqueName();
    semaphore = new WebSemaphore(name, 3);
    record.length = 0;
  });

  const recorded = (word: string): Promise<void> => until(() => record.includes(word));
  const unit = (index: number): string => `${name}#${String(index)}`;

  async function held(weight?: number, of = semaphore): Promise<WebPermit> {
    let permit: WebPermit | undefined;
    of.acquire(weight).subscribe((each) => (permit = each));
    await until(() => permit !== undefined);
    return permit as unknown as WebPermit;
  }

  async function tried(weight?: number): Promise<WebPermit | null> {
    let permit: WebPermit | null | undefined;
    semaphore.tryAcquire(weight).subscribe((each) => (permit = each));
    await until(() => permit !== undefined);
    return permit as WebPermit | null;
  }

  it('emits one permit for all units, and completes', async () => {
    semaphore.acquire(3).subscribe(recorder(record, 'a'));
    await recorded('a: complete');
    await untilShown(name, 0, 0);
    for (const index of [0, 1, 2]) {
      await untilShown(unit(index), 1, 0);
    }

    expect(record).toEqual(['a: permit', 'a: complete']);
  });

  it('lets at most its units be held, first come, first served', async () => {
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    const task = (value: number): Observable<unknown> =>
      new Observable((subscriber) => {
        order.push(value);
        most = Math.max(most, ++inside);
        const subscription = timer(1).subscribe(subscriber);
        return () => {
          inside--;
          subscription.unsubscribe();
        };
      });
    const other = new WebSemaphore(name, 3);
    for (const [first, each] of [[0, semaphore] as const, [10, other] as const]) {
      from(Array.from({ length: 10 }, (_, index) => first + index))
        .pipe(throttleBySemaphore(each, task))
        .subscribe({ complete: () => record.push(`done ${String(first)}`) });
    }
    await recorded('done 0');
    await recorded('done 10');

    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(most).toBeLessThanOrEqual(3); // a busy browser may need longer for a grant than a task takes
  });

  it('does not let a heavy caller be overtaken', async () => {
    const light = await held(1);
    semaphore.acquire(3).subscribe((permit) => {
      record.push('heavy');
      permit.release();
    });
    semaphore.acquire(1).subscribe((permit) => {
      record.push('behind it');
      permit.release();
    });
    await untilShown(unit(2), 1, 0);
    await untilShown(unit(0), 1, 1);
    light.release();
    await recorded('behind it');

    expect(record).toEqual(['heavy', 'behind it']);
  });

  it('lets callers of several units wait, but never for each other', async () => {
    for (let round = 0; round < 10; round++) {
      for (const weight of [2, 3, 2, 1, 3]) {
        semaphore.acquire(weight).subscribe((permit) => {
          record.push(String(weight));
          setTimeout(() => {
            permit.release();
          });
        });
      }
    }
    await until(() => record.length === 50);

    expect(record.slice(0, 5)).toEqual(['2', '3', '2', '1', '3']);
  });

  it('takes the units that are free first, and waits for any of the others', async () => {
    const [a, b, c] = [await held(), await held(), await held()];
    semaphore.acquire(2).subscribe(() => record.push('granted'));
    await untilShown(unit(2), 1, 1);
    c.release();
    if (!isNode) {
      await untilShown(unit(2), 1, 0);
    }
    expect(record).toEqual([]);
    a.release();
    await recorded('granted');
    if (!isNode) {
      await untilShown(unit(1), 1, 0); // Node does not forget an aborted request at once
    }
    await untilShown(name, 0, 0);
    b.release();
  });

  describe('tryAcquire()', () => {
    it('gets units that are free', async () => {
      const permit = await tried(2);
      const other = await tried();

      expect(permit).not.toBeNull();
      expect(other).not.toBeNull();
      expect(await tried()).toBeNull();
    });

    it('gets what this page released a moment ago', async () => {
      for (let round = 0; round < 5; round++) {
        (await held(3)).release();
        const permit = await tried(3);

        expect(permit).not.toBeNull();
        permit?.release();
      }
    });

    it('gets units beside other callers of this page, as many as there are', async () => {
      const answers: string[] = [];
      for (let each = 1; each <= 4; each++) {
        semaphore.tryAcquire().subscribe((permit) => answers.push(permit === null ? 'null' : 'permit'));
      }
      await until(() => answers.length === 4);

      expect(answers).toEqual(['permit', 'permit', 'permit', 'null']);
    });

    it('gets units beside a caller of this page that can go', async () => {
      semaphore.acquire(2).subscribe((permit) => {
        record.push('acquire');
        permit.release();
      });
      const cancelled = semaphore.tryAcquire().subscribe((permit) => permit?.release()); // Node can answer at once
      semaphore.tryAcquire().subscribe((permit) => {
        record.push(permit === null ? 'null' : 'permit');
        permit?.release();
      });
      cancelled.unsubscribe();
      await until(() => record.length === 2);

      expect(record).toEqual(['acquire', 'permit']);
    });

    it('gives back what it got, if that is too little', async () => {
      const permit = await held();

      expect(await tried(3)).toBeNull();
      await untilShown(unit(1), 0, 0);
      await untilShown(unit(2), 0, 0);
      await untilShown(name, 0, 0);
      permit.release();
    });

    it('refuses while anyone waits', async () => {
      const permit = await held(2);
      const waiter = semaphore.acquire(2).subscribe();
      await untilShown(name, 1, 0);

      expect(await tried()).toBeNull();
      waiter.unsubscribe();
      permit.release();
    });
  });

  for (const moment of [0, 1, 2, 3]) {
    it(`leaks nothing when it is unsubscribed from ${String(moment)} ms later`, async () => {
      const permit = await held();
      for (const each of [semaphore.acquire(3), semaphore.tryAcquire(2), semaphore.acquire(1)]) {
        const subscription = each.subscribe((granted) => granted?.release());
        await turn(moment);
        subscription.unsubscribe();
      }
      permit.release();
      (await held(3)).release();
      for (const index of [0, 1, 2]) {
        await untilShown(unit(index), 0, 0);
      }
      expect(record).toEqual([]);
    });
  }

  it('loses a permit, if one of its units is stolen, and gives back the others', async () => {
    const permit = await held(2);
    permit.lost$.subscribe((reason) => record.push(reason.message));
    new WebLock(unit(1)).steal().subscribe((stolen) => {
      stolen.release();
    });
    await until(() => record.length > 0);

    expect(record).toEqual([`lost web semaphore "${name}": it was stolen`]);
    expect(permit.signal.reason).toBeInstanceOf(LockLostError);
    (await held(3)).release();
  });

  it('asks anew, if a part is stolen before the grant', async () => {
    const permit = await held(2);
    semaphore.acquire(3).subscribe((each) => {
      record.push('granted');
      each.release();
    });
    await untilShown(unit(2), 1, 0);
    new WebLock(unit(2)).steal().subscribe((stolen) => {
      record.push('stolen');
      stolen.release();
    });
    await recorded('stolen');
    permit.release();
    await recorded('granted');

    expect(record).toEqual(['stolen', 'granted']);
  });

  it('is refused bad input', () => {
    const wrong = (value: unknown): never => value as never;

    for (const value of [0, -1, 0.5, NaN, Infinity, '3', undefined]) {
      expect(() => new WebSemaphore('a', wrong(value))).toThrowError(
        RangeError,
        /^the value of a web semaphore must be an integer of at least 1/,
      );
    }
    expect(() => new WebSemaphore(wrong(1), 1)).toThrowError(TypeError, /must be a string/);
    expect(() => new WebSemaphore('a', 1, wrong({ mode: 'shared' }))).toThrowError(
      TypeError,
      'WebSemaphore takes no option mode: it takes timeout, fallback',
    );
    expect(() => semaphore.acquire(0)).toThrowError(RangeError, /^weight must be/);
    expect(() => semaphore.tryAcquire(0)).toThrowError(RangeError, /^weight must be/);
    for (const each of [semaphore.acquire(4), semaphore.tryAcquire(4)]) {
      each.subscribe({ error: (error: Error) => record.push(`${error.name}: ${error.message}`) });
    }
    const message = `RangeError: cannot acquire 4 of web semaphore "${name}": it never has more than 3`;
    expect(record).toEqual([message, message]);
  });

  it('has the properties that it was made with', () => {
    const { timeout, value } = new WebSemaphore('a', 2, { timeout: 5 });

    expect([timeout, value, semaphore.timeout, semaphore.name]).toEqual([5, 2, 30_000, name]);
    expect(String(semaphore)).toBe(`web semaphore "${name}"`);
  });
});

describe('A WebSemaphore that is stolen from', () => {
  itHasFakeLocks();

  it('answers tryAcquire() with null, if a part is stolen before it has all', async () => {
    const record: string[] = [];
    new WebSemaphore('pool', 3).tryAcquire(3).subscribe(recorder(record, 'try'));
    new WebLock('pool').steal().subscribe((stolen) => {
      stolen.release();
    });
    await turn();

    expect(record).toEqual(['try: null', 'try: complete']);
  });
});
