import { EMPTY, Observable, switchMap } from 'rxjs';
import { leader, WebLock } from 'rxjs-locks/web';

import { itHasWebLocks, uniqueName, until } from '../support/web-platform.js';

describe('leader()', () => {
  itHasWebLocks();

  const record: string[] = [];
  let name: string;

  beforeEach(() => {
    name = uniqueName();
    record.length = 0;
  });

  const recorded = (word: string): Promise<void> => until(() => record.includes(word));

  it('emits false inside subscribe, and true when it leads', async () => {
    const subscription = leader(name).subscribe((leads) => record.push(String(leads)));
    expect(record).toEqual(['false']);
    await recorded('true');
    subscription.unsubscribe();

    expect(record).toEqual(['false', 'true']);
  });

  it('hands over when it is unsubscribed from', async () => {
    const first = leader(name).subscribe((leads) => record.push(`first ${String(leads)}`));
    const second = leader(name).subscribe((leads) => record.push(`second ${String(leads)}`));
    await recorded('first true');
    first.unsubscribe();
    await recorded('second true');
    second.unsubscribe();

    expect(record).toEqual(['first false', 'second false', 'first true', 'second true']);
  });

  it('stops leading when it is robbed, and stands for election at the end of the queue', async () => {
    const first = leader(name).subscribe((leads) => record.push(`first ${String(leads)}`));
    const second = leader(name).subscribe((leads) => record.push(`second ${String(leads)}`));
    await recorded('first true');
    new WebLock(name).steal().subscribe((permit) => {
      permit.release();
    });
    await recorded('second true');
    second.unsubscribe();
    await until(() => record.filter((each) => each === 'first true').length === 2);
    first.unsubscribe();

    expect(record).toEqual(['first false', 'second false', 'first true', 'first false', 'second true', 'first true']);
  });

  it('never lets the work of two leaders overlap', async () => {
    let inside = 0;
    let most = 0;
    const work = new Observable<never>(() => {
      most = Math.max(most, ++inside);
      record.push('works');
      return () => {
        inside--;
      };
    });
    const subscriptions = [1, 2, 3].map(() =>
      leader(name)
        .pipe(switchMap((leads) => (leads ? work : EMPTY)))
        .subscribe(),
    );
    for (let turns = 1; turns <= 3; turns++) {
      await until(() => record.length === turns);
      subscriptions[turns - 1]?.unsubscribe();
    }

    expect(most).toBe(1);
    expect(inside).toBe(0);
  });

  it('passes the lock on, if its subscriber leaves in the moment of its election', async () => {
    const subscription = leader(name).subscribe((leads) => {
      if (leads) {
        subscription.unsubscribe();
      }
    });
    const second = leader(name).subscribe((leads) => record.push(String(leads)));
    await recorded('true');
    second.unsubscribe();

    expect(record).toEqual(['false', 'true']);
  });

  it('is refused bad input', () => {
    const wrong = (value: unknown): never => value as never;

    expect(() => leader(wrong(1))).toThrowError(TypeError, /must be a string/);
    expect(() => leader('a', wrong({ timeout: 1 }))).toThrowError(TypeError, 'leader takes no option timeout: it takes fallback');
  });
});
