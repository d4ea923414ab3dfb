import { NEVER } from 'rxjs';
import { stateOf, WebLock, WebSemaphore, type WebPermit } from 'rxjs-locks/web';

import { subscribe, turn } from '../support/web-platform.js';
import type { Contexts } from './contexts.js';

/** Permit, `null`, failure, loss and state are told in the context of the subscriber, whoever caused them. */
export function webLocksKeepContexts({ current, run }: Contexts): void {
  let record: string[];

  beforeEach(() => {
    record = [];
  });

  const here = (what: string): void => {
    record.push(`${what} in ${String(current())}`);
  };

  it('tells permit, null and failure in the context of the subscriber', async () => {
    const lock = new WebLock('orders');
    run('anna', () => {
      subscribe(lock.acquire(), () => {
        here('permit');
      });
    });
    await turn();
    run('ben', () => {
      subscribe(lock.tryAcquire(), () => {
        here('null');
      });
    });
    run('cleo', () => {
      new WebLock('orders', { timeout: 1 }).acquire().subscribe({
        error: () => {
          here('timeout');
        },
      });
    });
    run('dora', () => {
      lock.acquire(2).subscribe({
        error: () => {
          here('refusal');
        },
      });
    });
    await turn(20);

    expect(record).toEqual(['permit in anna', 'refusal in dora', 'null in ben', 'timeout in cleo'].sort(byRecord()));
    expect(record.length).toBe(4);
  });

  const byRecord =
    () =>
    (one: string, other: string): number =>
      record.indexOf(one) - record.indexOf(other);

  it('tells a loss in the context that listens for it: lost$, the signal, and the section', async () => {
    const lock = new WebLock('orders');
    let permit: WebPermit | undefined;
    run('anna', () => {
      subscribe(lock.acquire(), (each) => (permit = each));
    });
    await turn();
    run('ben', () => {
      permit?.signal.addEventListener('abort', () => {
        here('signal');
      });
    });
    run('cleo', () => {
      permit?.lost$.subscribe(() => {
        here('lost$');
      });
    });
    run('thief', () => {
      subscribe(lock.steal(), (thief) => {
        thief.release();
      });
    });
    await turn();
    run('dora', () => {
      lock
        .use(() => NEVER)
        .subscribe({
          error: () => {
            here('section');
          },
        });
    });
    await turn();
    run('thief', () => {
      subscribe(lock.steal());
    });
    await turn();

    expect(record).toEqual(['signal in ben', 'lost$ in cleo', 'section in dora']);
  });

  it('grants the units of a semaphore in the context of the subscriber', async () => {
    const semaphore = new WebSemaphore('pool', 1);
    let first: WebPermit | undefined;
    run('anna', () => {
      subscribe(semaphore.acquire(), (permit) => {
        first = permit;
        here('permit');
      });
    });
    run('ben', () => {
      subscribe(semaphore.acquire(), () => {
        here('permit');
      });
    });
    await turn();
    run('releaser', () => first?.release());
    await turn();

    expect(record).toEqual(['permit in anna', 'permit in ben']);
  });

  it('emits the states of a name in the context of the subscriber', async () => {
    run('anna', () => {
      subscribe(stateOf('orders'), () => {
        here('state');
      });
    });
    await turn();

    expect(record).toEqual(['state in anna']);
  });
}
