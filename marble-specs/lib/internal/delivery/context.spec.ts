import { concat, NEVER, Observable, of, Subject, takeUntil } from 'rxjs';
import { Barrier, captureContext, Condition, Event, Lock } from 'rxjs-locks';
import { withCondition, withLock } from 'rxjs-locks/operators';

import { itKeepsContexts } from '../../../contracts/contexts.js';
import { ForeignLock } from '../../../support/foreign.js';

/** The simplest kind of context: a name that is current while a task runs. */
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

  /** Subscribes in the context of a user, and records the context in which each callback runs. */
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

  it('grants a waiter in the context in which it subscribed, not in the context of the release', () => {
    const lock = new Lock();
    const holder = lock.tryAcquire();
    subscribeAs('anna', lock.acquire());
    inContext('releaser', () => holder?.release());
    expect(record).toEqual(['anna next in anna', 'anna complete in anna']);
    expect(current).toBe('outside');
  });

  it('subscribes to a task in the context of its subscriber, even if the end of another task starts it', () => {
    const lock = new Lock();
    const tasks: string[] = [];
    const gate = new Subject<void>();
    const use = (user: string) =>
      lock.use(() => {
        tasks.push(`${user} runs in ${current}`);
        return gate;
      });
    subscribeAs('anna', use('anna'));
    subscribeAs('ben', use('ben'));
    inContext('completer', () => {
      gate.complete();
    });
    expect(tasks).toEqual(['anna runs in anna', 'ben runs in ben']);
  });

  it('applies to events, conditions and operators', () => {
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

  it('applies to a foreign lock', () => {
    const lock = new ForeignLock();
    const holder = lock.tryAcquire();
    subscribeAs('anna', of('x').pipe(withLock(lock)));
    inContext('releaser', () => holder?.release());
    expect(record).toEqual(['anna next in anna', 'anna complete in anna']);
  });

  it('applies to a section that was granted at once and then lost its permit in a wait', () => {
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

  it('applies to a waiter that fails', () => {
    const lock = new Lock();
    lock.tryAcquire();
    subscribeAs('anna', lock.acquire());
    inContext('closer', () => {
      lock.complete();
    });
    expect(record).toEqual(['anna error in anna']);
  });

  it('applies to withCondition when its until emits before its predicate is true', () => {
    for (const waits of [false, true]) {
      record = [];
      const condition = new Condition();
      const permit = waits ? condition.tryAcquire() : null;
      const until = new Subject<void>();
      subscribeAs('anna', NEVER.pipe(withCondition(condition, () => false, { until })));
      permit?.release();
      inContext('timer', () => {
        until.next();
      });
      expect(record).toEqual(['anna error in anna']);
    }
  });

  it('applies to a subscriber for which a foreign tryAcquire() emits null late', () => {
    for (const [whenBusy, kind] of [
      ['skip', 'complete'],
      ['error', 'error'],
    ] as const) {
      record = [];
      const result = new Subject<null>();
      const foreign = { acquire: () => NEVER, tryAcquire: () => result };
      subscribeAs('anna', of('x').pipe(withLock(foreign, { whenBusy })));
      inContext('server', () => {
        result.next(null);
      });
      expect(record).toEqual([`anna ${kind} in anna`]);
    }
  });

  it('is turned off with undefined', () => {
    captureContext(undefined);
    const lock = new Lock();
    const holder = lock.tryAcquire();
    subscribeAs('anna', lock.acquire());
    inContext('releaser', () => holder?.release());
    expect(record).toEqual(['anna next in releaser', 'anna complete in releaser']);
  });

  describe('The capture', () => {
    it('runs once for each waiter, and not for a subscriber that is granted at once', () => {
      const captured = jasmine.createSpy('capture').and.callFake(capture);
      captureContext(captured);
      const lock = new Lock();
      lock.acquire().subscribe();
      expect(captured).not.toHaveBeenCalled();
      lock.acquire().subscribe();
      expect(captured).toHaveBeenCalledTimes(1);
    });

    it('does not run for a subscriber that is already closed', () => {
      const captured = jasmine.createSpy('capture').and.callFake(capture);
      captureContext(captured);
      const lock = new Lock();
      lock.tryAcquire();
      new Observable((subscriber) => {
        subscriber.unsubscribe();
        lock.acquire().subscribe(subscriber);
        new Event().wait().subscribe(subscriber);
        new Barrier(2).wait().subscribe(subscriber);
      }).subscribe();
      expect(captured).not.toHaveBeenCalled();
    });

    it('enqueues no waiter if it unsubscribes the subscriber or closes the primitive', () => {
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

    it('fails its waiter and enqueues nothing if it throws', () => {
      const lock = new Lock();
      lock.tryAcquire();
      captureContext(() => {
        throw new RangeError('capture');
      });
      subscribeAs('anna', lock.acquire());
      expect(record).toEqual(['anna error in anna']);
      expect(lock.waiting).toBe(0);
    });
  });

  describe('With zone.js', () => {
    const host = globalThis as { Zone?: unknown };

    /**
     * Runs a spec with the part of zone.js that the library reads. It is there only while the spec runs, because Jasmine's own
     * timers may use zone.js.
     */
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
      'captures the current zone without a call of captureContext()',
      withZone(() => {
        const lock = new Lock();
        const holder = lock.tryAcquire();
        subscribeAs('anna', lock.acquire());
        inContext('releaser', () => holder?.release());
        expect(record).toEqual(['anna next in anna', 'anna complete in anna']);
      }),
    );

    it(
      'captures the zone and the context of captureContext()',
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
