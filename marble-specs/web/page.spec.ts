import { defer, NEVER, Observable, retry } from 'rxjs';
import { LockLostError } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';
import { leader, WebLock, WebSemaphore, type WebPermit } from 'rxjs-locks/web';

import { recorder } from '../support/recorder.js';
import { dispatch, itHasFakeLocks, subscribe, turn } from '../support/web-platform.js';

describe('A page that sleeps', () => {
  const locks = itHasFakeLocks();
  const record: string[] = [];
  let lock: WebLock;

  beforeEach(() => {
    lock = new WebLock('orders');
    record.length = 0;
  });

  const names = async (): Promise<{ held: string[]; pending: string[] }> => {
    const { held, pending } = await locks().query();
    return { held: held.map((each) => each.name), pending: pending.map((each) => each.name) };
  };

  const sleeps = {
    'the page was put into the back/forward cache': () => {
      dispatch('pagehide');
      dispatch('freeze');
    },
    'the page was frozen': () => {
      dispatch('freeze');
      dispatch('pagehide');
    },
  };
  const wakes = {
    'resume, then pageshow': () => {
      dispatch('resume');
      dispatch('pageshow');
    },
    'pageshow alone': () => {
      dispatch('pageshow');
    },
    'resume alone': () => {
      dispatch('resume');
    },
  };

  for (const [why, sleep] of Object.entries(sleeps)) {
    for (const [how, wake] of Object.entries(wakes)) {
      it(`gives up what it holds (${why}), and asks anew (${how})`, async () => {
        subscribe(
          lock.use(() => new Observable(() => () => record.push('torn down'))),
          recorder(record, 'holder'),
        );
        await turn();
        subscribe(lock.acquire(), recorder(record, 'waiter'));
        await turn();
        sleep();
        expect(record).toEqual(['torn down', 'holder: LockLostError']);
        await turn();
        expect(await names()).toEqual({ held: [], pending: [] });

        wake();
        await turn();
        expect(record.slice(2)).toEqual(['waiter: permit', 'waiter: complete']);
      });
    }

    it(`tells why: ${why}`, async () => {
      let permit: WebPermit | undefined;
      subscribe(lock.acquire(), (each) => (permit = each));
      await turn();
      permit?.lost$.subscribe((reason) => record.push(reason.message));
      sleep();

      expect(record).toEqual([`lost web lock "orders": ${why}`]);
      expect(permit?.signal.reason).toBeInstanceOf(LockLostError);
      dispatch('resume');
    });
  }

  it('keeps everything when it is left for good', async () => {
    subscribe(lock.acquire());
    await turn();
    dispatch('pagehide', false);
    await turn();

    expect(await names()).toEqual({ held: ['orders'], pending: [] });
  });

  it('asks for nothing until it wakes, in the order of the subscriptions', async () => {
    subscribe(lock.acquire(), (permit) => {
      record.push('waited before');
      permit.release();
    });
    dispatch('freeze');
    subscribe(lock.acquire(), (permit) => {
      record.push('asked meanwhile');
      permit.release();
    });
    subscribe(lock.tryAcquire(), (permit) => {
      record.push(permit === null ? 'busy' : 'free');
    });
    const cancelled = subscribe(lock.acquire(), () => record.push('cancelled'));
    await turn();
    cancelled.unsubscribe();
    expect(await names()).toEqual({ held: [], pending: [] });
    expect(record).toEqual([]);

    dispatch('resume');
    await turn();
    expect(record).toEqual(['waited before', 'busy', 'asked meanwhile']);
  });

  it('comes back at the end of the queue', async () => {
    let free = (): void => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    void locks().request('orders', {}, () => held);
    subscribe(lock.acquire(), (permit) => {
      record.push('this page');
      permit.release();
    });
    await turn();
    void locks().request('orders', {}, () => record.push('another tab'));
    dispatch('freeze');
    await turn();
    dispatch('resume');
    free();
    await turn();

    expect(record).toEqual(['another tab', 'this page']);
  });

  it('lets a section with retry wait for the wake', async () => {
    const section = defer(() => {
      record.push('in');
      return NEVER;
    });
    subscribe(section.pipe(withLock(lock), retry()));
    await turn();
    dispatch('freeze');
    await turn();
    expect(record).toEqual(['in']);
    dispatch('resume');
    await turn();

    expect(record).toEqual(['in', 'in']);
  });

  it('does not withdraw a waiter that the loss of a permit has cancelled', async () => {
    const waiters = [
      lock
        .use(() => NEVER)
        .subscribe({
          error: () => {
            waiters[1]?.unsubscribe();
          },
        }),
      subscribe(lock.acquire(), () => record.push('cancelled')),
    ];
    await turn();
    dispatch('freeze');
    dispatch('resume');
    await turn();

    expect(record).toEqual([]);
    expect(await names()).toEqual({ held: [], pending: [] });
  });

  it('keeps one claim for each waiter, if the loss of a permit wakes the page', async () => {
    subscribe(lock.acquire(), (permit) => {
      permit.lost$.subscribe(() => {
        dispatch('resume');
      });
    });
    const other = new WebLock('other');
    let last: WebPermit | undefined;
    for (const each of [lock, other]) {
      subscribe(each.acquire(), (permit) => (last = permit));
    }
    await turn();
    dispatch('freeze');
    await turn();
    expect(await names()).toEqual({ held: ['other', 'orders'], pending: [] });
    expect(last?.lost).toBeFalse();
    last?.release();
    await turn();

    expect((await names()).held).toEqual(['other']);
  });

  it('does not ask for a waiter that the failure of another has cancelled', async () => {
    subscribe(lock.acquire()); // a page listens from the first request on
    await turn();
    dispatch('freeze');
    const waiters = [
      subscribe(lock.acquire(), {
        error: () => {
          waiters[1]?.unsubscribe();
        },
      }),
      subscribe(lock.acquire()),
    ];
    const asked = spyOn(locks(), 'request').and.throwError('broken');
    dispatch('resume');

    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('gives up the units of a semaphore, and its place in the queue', async () => {
    const semaphore = new WebSemaphore('pool', 3);
    subscribe(
      semaphore.use(() => NEVER, { weight: 2 }),
      recorder(record, 'holder'),
    );
    await turn();
    subscribe(semaphore.acquire(2), recorder(record, 'waiter'));
    await turn();
    dispatch('freeze');
    await turn();
    expect(await names()).toEqual({ held: [], pending: [] });
    expect(record).toEqual(['holder: LockLostError']);

    dispatch('resume');
    await turn();
    expect(record.slice(1)).toEqual(['waiter: permit', 'waiter: complete']);
  });

  it('leads no more, and stands for election when it wakes', async () => {
    subscribe(leader('socket'), (leads) => record.push(String(leads)));
    await turn();
    dispatch('freeze');
    expect(record).toEqual(['false', 'true', 'false']);
    dispatch('resume');
    await turn();

    expect(record).toEqual(['false', 'true', 'false', 'true']);
  });

  it('loses a permit only once', async () => {
    let permit: WebPermit | undefined;
    subscribe(lock.acquire(), (each) => (permit = each));
    await turn();
    permit?.lost$.subscribe((reason) => record.push(reason.message));
    dispatch('freeze');
    dispatch('resume');
    dispatch('freeze');
    dispatch('resume');

    expect(record.length).toBe(1);
  });
});
