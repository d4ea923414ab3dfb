import { concat, NEVER, Observable, of, Subject, takeUntil } from 'rxjs';
import { Barrier, captureContext, Condition, Event, Lock } from 'rxjs-locks';
import { withCondition, withLock } from 'rxjs-locks/operators';

import { itKeepsContexts } from '../../../contracts/contexts.js';
import { ForeignLock } from '../../../support/foreign.js';

/** A context of the simplest kind: a name that holds while a task runs. */
let current = 'outside';

function inContext(name: string, task: () => void): void {
  const before = current;
  current = name;
  try {
    task();
  } finally {
    current = before;
  }
}

function capture(): (task: () => void) => void {
  const captured = current;
  return (task) => {
    inContext(captured, task);
  };
}

describe('captureContext', () => {
  let record: string[];

  beforeEach(() => {
    record = [];
    captureContext(capture);
  });

  afterEach(() => {
    captureContext(undefined);
  });

  /** Subscribes in the context of a user; writes down in which context things are told. */
  function subscribeAs(user: string, source: Observable<unknown>): void {
    inContext(user, () => {
      source.subscribe({
        next: () => record.push(`${user} next in ${current}`),
        error: () => record.push(`${user} error in ${current}`),
        complete: () => record.push(`${user} complete in ${current}`),
      });
    });
  }

  itKeepsContexts({ current: () => current, run: inContext });

  it('has a waiter told in the context in which it subscribed, not in that of the releaser', () => {
    const lock = new Lock();
    const holder = lock.tryAcquire();
    subscribeAs('anna', lock.acquire());
    inContext('releaser', () => holder?.release());
    expect(record).toEqual(['anna next in anna', 'anna complete in anna']);
    expect(current).toBe('outside');
  });

  it('has a work subscribed to in the context of its own user, though another ends', () => {
    const lock = new Lock();
    const works: string[] = [];
    const gate = new Subject<void>();
    const work = (user: string) =>
      lock.use(() => {
        works.push(`${user} works in ${current}`);
        return gate;
      });
    subscribeAs('anna', work('anna'));
    subscribeAs('ben', work('ben'));
    inContext('gatekeeper', () => {
      gate.complete();
    });
    expect(works).toEqual(['anna works in anna', 'ben works in ben']);
  });

  it('holds for events, conditions, and pipes', () => {
    const event = new Event();
    const condition = new Condition();
    const lock = new Lock();
    const holder = lock.tryAcquire();
    subscribeAs('anna', event.wait());
    subscribeAs(
      'ben',
      condition.use((permit) => condition.wait({ permit })),
    );
    subscribeAs('carl', of('x').pipe(withLock(lock)));
    event.set();
    condition
      .run(() => {
        condition.notify();
      })
      .catch(() => undefined);
    holder?.release();
    expect(record.filter((word) => !word.includes('complete'))).toEqual([
      'anna next in anna',
      'ben next in ben',
      'carl next in carl',
    ]);
  });

  it('holds for somebody else’s lock too', () => {
    const lock = new ForeignLock();
    const holder = lock.tryAcquire();
    subscribeAs('anna', of('x').pipe(withLock(lock)));
    inContext('releaser', () => holder?.release());
    expect(record).toEqual(['anna next in anna', 'anna complete in anna']);
  });

  it('holds for a section that entered at once and lost its permit in a wait', () => {
    const condition = new Condition();
    const stop = new Subject<void>();
    subscribeAs(
      'anna',
      condition.use((permit) => concat(condition.wait({ permit }).pipe(takeUntil(stop)), NEVER)),
    );
    inContext('stopper', () => {
      stop.next();
    });
    expect(record).toEqual(['anna error in anna']);
  });

  it('parks nobody whom the capture made leave, or for whom it closed', () => {
    const lock = new Lock();
    lock.tryAcquire();
    const stop = new Subject<void>();
    captureContext(() => {
      stop.next();
      return capture();
    });
    subscribeAs('anna', lock.acquire().pipe(takeUntil(stop)));
    expect(lock.waiting).toBe(0);
    captureContext(() => {
      lock.complete();
      return capture();
    });
    subscribeAs('ben', lock.acquire());
    expect(lock.waiting).toBe(0);
    expect(record).toEqual(['anna complete in anna', 'ben error in ben']);
  });

  it('holds for those who wait in vain', () => {
    const lock = new Lock();
    lock.tryAcquire();
    subscribeAs('anna', lock.acquire());
    inContext('closer', () => {
      lock.complete();
    });
    expect(record).toEqual(['anna error in anna']);
  });

  it('is asked once for each waiter, and never for one who need not wait', () => {
    const asked = jasmine.createSpy('capture').and.callFake(capture);
    captureContext(asked);
    const lock = new Lock();
    lock.acquire().subscribe();
    expect(asked).not.toHaveBeenCalled();
    lock.acquire().subscribe();
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('is not asked for one who is closed when it subscribes', () => {
    const asked = jasmine.createSpy('capture').and.callFake(capture);
    captureContext(asked);
    const lock = new Lock();
    lock.tryAcquire();
    new Observable((subscriber) => {
      subscriber.unsubscribe();
      lock.acquire().subscribe(subscriber);
      new Event().wait().subscribe(subscriber);
      new Barrier(2).wait().subscribe(subscriber);
    }).subscribe();
    expect(asked).not.toHaveBeenCalled();
  });

  it('changes nothing where it throws: the waiter fails, and nobody stands in line', () => {
    const lock = new Lock();
    lock.tryAcquire();
    captureContext(() => {
      throw new RangeError('capture');
    });
    subscribeAs('anna', lock.acquire());
    expect(record).toEqual(['anna error in anna']);
    expect(lock.waiting).toBe(0);
  });

  it('is turned off with undefined', () => {
    captureContext(undefined);
    const lock = new Lock();
    const holder = lock.tryAcquire();
    subscribeAs('anna', lock.acquire());
    inContext('releaser', () => holder?.release());
    expect(record).toEqual(['anna next in releaser', 'anna complete in releaser']);
  });

  it('has a section told that is given up while it waits for its predicate: withCondition, until', () => {
    for (const parks of [false, true]) {
      record = [];
      const condition = new Condition();
      const permit = parks ? condition.tryAcquire() : null;
      const until = new Subject<void>();
      subscribeAs('anna', NEVER.pipe(withCondition(condition, () => false, { until })));
      permit?.release();
      inContext('timer', () => {
        until.next();
      });
      expect(record).toEqual(['anna error in anna']);
    }
  });

  it('has one told that a foreign tryAcquire() tells late that it is busy', () => {
    for (const [whenBusy, told] of [
      ['skip', 'complete'],
      ['error', 'error'],
    ] as const) {
      record = [];
      const answer = new Subject<null>();
      const foreign = { acquire: () => NEVER, tryAcquire: () => answer };
      subscribeAs('anna', of('x').pipe(withLock(foreign, { whenBusy })));
      inContext('server', () => {
        answer.next(null);
      });
      expect(record).toEqual([`anna ${told} in anna`]);
    }
  });

  describe('with a Zone', () => {
    const host = globalThis as { Zone?: unknown };

    /** As much of zone.js as the library looks at. While a spec runs, and not around it: Jasmine's timers may be zone.js's. */
    function withZone(run: () => void): () => void {
      return () => {
        const before = host.Zone;
        captureContext(undefined);
        host.Zone = {
          get current() {
            const zone = current;
            return {
              run: (task: () => void) => {
                inContext(zone, task);
              },
            };
          },
        };
        try {
          run();
        } finally {
          if (before === undefined) {
            delete host.Zone;
          } else {
            host.Zone = before;
          }
        }
      };
    }

    it(
      'captures it without being asked',
      withZone(() => {
        const lock = new Lock();
        const holder = lock.tryAcquire();
        subscribeAs('anna', lock.acquire());
        inContext('releaser', () => holder?.release());
        expect(record).toEqual(['anna next in anna', 'anna complete in anna']);
      }),
    );

    it(
      'captures both, where a context was asked for too',
      withZone(() => {
        const entered: string[] = [];
        captureContext(() => (task) => {
          entered.push('custom');
          task();
        });
        const lock = new Lock();
        const holder = lock.tryAcquire();
        subscribeAs('anna', lock.acquire());
        inContext('releaser', () => holder?.release());
        expect(entered).toEqual(['custom']);
        expect(record).toEqual(['anna next in anna', 'anna complete in anna']);
      }),
    );
  });
});
