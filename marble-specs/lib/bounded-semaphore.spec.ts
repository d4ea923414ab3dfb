import { of, Subject, takeUntil } from 'rxjs';
import { BoundedSemaphore, NotAcquiredError, OverReleaseError } from 'rxjs-locks';

import { itCloses } from '../contracts/closing.js';
import { itIsExclusive } from '../contracts/exclusive.js';
import { itIsStateful } from '../contracts/stateful.js';
import { deliveries, insideADelivery } from '../support/deliveries.js';

describe('BoundedSemaphore', () => {
  itIsExclusive('BoundedSemaphore(1)', () => {
    const primitive = new BoundedSemaphore();
    return { primitive, line: primitive };
  });

  itIsStateful('BoundedSemaphore', () => {
    const primitive = new BoundedSemaphore(2);
    primitive.tryAcquire();
    const leaving = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.acquire(2).pipe(takeUntil(leaving)).subscribe();
      },
      restore: () => {
        leaving.next();
      },
      initial: { available: 1, waiting: 0 },
      changed: { available: 1, waiting: 1 },
    };
  });

  itCloses('BoundedSemaphore', (options) => {
    const primitive = new BoundedSemaphore(1, { name: 'slots', ...options });
    primitive.tryAcquire();
    return {
      primitive,
      wait: primitive.acquire(),
      letGo: () => {
        primitive.release();
      },
      name: 'bounded semaphore "slots"',
      tried: 'acquire',
    };
  });

  for (const [where, deliver] of deliveries) {
    it(`refuses a release past the bound, and changes nothing, ${where} (law 8)`, () => {
      const semaphore = new BoundedSemaphore(3, { name: 'slots' });
      semaphore.tryAcquire();
      deliver(() => {
        expect(() => {
          semaphore.release(2);
        }).toThrowError(OverReleaseError, 'cannot release 2 of bounded semaphore "slots": 2 of 3 are free already');
        expect(semaphore.available).toBe(2);
        semaphore.release();
        expect(semaphore.available).toBe(3);
      });
    });

    it(`fails one who asks for more than the bound, before it blocks anyone, ${where} (law 3)`, () => {
      const semaphore = new BoundedSemaphore(2);
      const errors: unknown[] = [];
      const heavy = semaphore.acquire(3);
      deliver(() => {
        heavy.subscribe({ error: (error) => errors.push(error) });
        expect(semaphore.tryAcquire()).not.toBeNull();
      });
      expect(errors).toEqual([new RangeError('cannot acquire 3 of bounded semaphore: it never has more than 2')]);
      expect(() => semaphore.tryAcquire(3)).toThrowError(RangeError);
    });
  }

  it('says which argument is malformed', () => {
    expect(() => {
      new BoundedSemaphore().release(0);
    }).toThrowError(RangeError, 'n must be a positive integer, but is 0');
  });

  it('counts an OverReleaseError among the RangeErrors', () => {
    expect(() => {
      new BoundedSemaphore().release();
    }).toThrowError(RangeError);
  });

  it('lets a permit give back at most what is missing to the bound (law 8)', () => {
    const semaphore = new BoundedSemaphore(2);
    const permit = semaphore.tryAcquire(2);
    semaphore.release();
    expect(() => permit?.release()).not.toThrow();
    expect(semaphore.available).toBe(2);
  });

  it('lets nobody release what was promised to one who has not been told yet (law 8)', () => {
    const semaphore = new BoundedSemaphore(2);
    const record: string[] = [];
    const holder = semaphore.tryAcquire(2);
    semaphore.use(() => of('a')).subscribe(() => record.push('a'));
    insideADelivery(() => {
      holder?.release();
      expect(() => {
        semaphore.release();
      }).toThrowError(
        NotAcquiredError,
        'cannot release 1 of bounded semaphore: 1 of them are promised to those who have not been told yet',
      );
    });
    expect(record).toEqual(['a']);
    expect(semaphore.available).toBe(2);
  });

  it('keeps a stale permit from putting back what was promised to another', () => {
    const semaphore = new BoundedSemaphore(1);
    const stale = semaphore.tryAcquire();
    let inside = 0;
    let most = 0;
    semaphore.acquire().subscribe(() => {
      most = Math.max(most, ++inside);
    });
    semaphore.acquire().subscribe(() => {
      most = Math.max(most, ++inside);
    });
    insideADelivery(() => {
      semaphore.release();
      stale?.release();
    });
    expect(most).toBe(1);
  });

  it('counts two releases with one in line (bpo: legal since 3.10)', () => {
    const semaphore = new BoundedSemaphore(2);
    semaphore.tryAcquire(2);
    semaphore.acquire().subscribe();
    semaphore.release();
    semaphore.release();
    expect(semaphore.available).toBe(1);
  });
});
