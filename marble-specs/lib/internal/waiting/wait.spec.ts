/**
 * What the library hands out is subscribed to in a way of its own. Nobody may notice: everything here is done to an
 * `Observable` of RxJS and to ours, and must come out the same.
 */
import { config, map, Observable, Subject, Subscription, UnsubscriptionError, type Observer, type Subscriber } from 'rxjs';

import { Lock } from 'rxjs-locks';

import { Waiter } from '../../../../lib/internal/waiting/waiter.js';
import { ONE } from '../../../../lib/internal/waiting/demand.js';
import { WaitObservable } from '../../../../lib/internal/waiting/wait.js';
import { recorder } from '../../../support/recorder.js';
import { thrownDuring, unhandledDuring } from '../../../support/unhandled.js';

type Start = (subscriber: Subscriber<string>) => void;

/** What one does with an Observable of one's own making, and what becomes of it. */
interface Trial {
  /** Makes the Observable. */
  readonly observable: (start: Start) => Observable<string>;
  readonly record: (what: unknown) => void;
}

class TestWaiter extends Waiter {
  constructor(
    subscriber: Subscriber<unknown>,
    private readonly left: () => void,
  ) {
    super(ONE, subscriber);
  }

  override unsubscribe(): void {
    this.left();
  }

  protected granted(): void {
    // It waits for ever.
  }
}

const theirs = (start: Start): Observable<string> => new Observable(start);
const ours = (start: Start): Observable<string> => new WaitObservable(start);

/** Does it to both; returns what was recorded, and reported as unhandled, of theirs and of ours. */
async function both(trial: (trial: Trial) => void): Promise<[unknown[], unknown[]]> {
  return [await recordOf(trial, theirs), await recordOf(trial, ours)];
}

async function recordOf(trial: (trial: Trial) => void, observable: Trial['observable']): Promise<unknown[]> {
  const log: unknown[] = [];
  const unhandled = await unhandledDuring(() => {
    trial({
      observable,
      record: (what) => {
        log.push(what);
      },
    });
  });
  return [...log, ...unhandled];
}

/** A handler that throws. */
const throwing = (what: string) => (): void => {
  throw new Error(what);
};

/** Those who subscribe, whatever they throw. */
const observers: Record<string, (record: Trial['record']) => Partial<Observer<string>> | ((value: string) => void) | undefined> =
  {
    'a function': (record) => record,
    'an observer': (record) => ({
      next: record,
      error: record,
      complete: () => {
        record('complete');
      },
    }),
    'an observer that needs itself': (record) => new Recorder(record),
    'an observer of values': (record) => ({ next: record }),
    'an observer of the error': (record) => ({ error: record }),
    'an observer of the end': (record) => ({
      complete: () => {
        record('complete');
      },
    }),
    'an observer of nothing': () => ({}),
    nobody: () => undefined,
    'a function that has the names of handlers': (record) =>
      Object.assign(
        (value: string) => {
          record(value);
        },
        { next: throwing('next'), error: throwing('error'), complete: throwing('complete') },
      ),
    'a function that throws': () => throwing('next'),
    'an observer that throws': () => ({ next: throwing('next'), error: throwing('error'), complete: throwing('complete') }),
    'a Subject': (record) => {
      const subject = new Subject<string>();
      subject.subscribe(new Recorder(record));
      return subject;
    },
  };

class Recorder implements Observer<string> {
  constructor(private readonly record: Trial['record']) {}

  next(value: string): void {
    this.record(value);
  }

  error(error: unknown): void {
    this.record(error);
  }

  complete(): void {
    this.record('complete');
  }
}

/** What becomes of the subscription. */
const endings: Record<string, Start> = {
  'a value': (subscriber) => {
    subscriber.next('a');
  },
  'two values and the end': (subscriber) => {
    subscriber.next('a');
    subscriber.next('b');
    subscriber.complete();
  },
  'an error': (subscriber) => {
    subscriber.next('a');
    subscriber.error(new Error('failed'));
  },
  'an error that is thrown': (subscriber) => {
    subscriber.next('a');
    throw new Error('thrown');
  },
};

describe('What one subscribes to in order to wait', () => {
  it('ignores what is no observer, as RxJS does, and takes one without a prototype', () => {
    const lock = new Lock();
    for (const what of [true, 5, 'x', Symbol('x')]) {
      lock.acquire().subscribe(what as never);
      expect(lock.locked()).toBeTrue();
      lock.release();
    }
    const record: string[] = [];
    const bare = Object.assign(Object.create(null) as object, recorder(record, 'a'));
    lock.acquire().subscribe(bare);
    expect(record).toEqual(['a: permit', 'a: complete']);
  });
});

describe('An Observable of those who wait behaves as one of RxJS', () => {
  for (const [who, observer] of Object.entries(observers)) {
    for (const [what, start] of Object.entries(endings)) {
      it(`to ${who}, of ${what}`, async () => {
        const [expected, actual] = await both(({ observable, record }) => {
          const subscription = observable((subscriber) => {
            subscriber.add(
              new TestWaiter(subscriber, () => {
                record('left');
              }),
            );
            start(subscriber);
            record(subscriber.closed);
          }).subscribe(observer(record) as Partial<Observer<string>>); // or whatever else
          record(subscription.closed);
          subscription.unsubscribe();
          record(subscription.closed);
        });
        expect(actual).toEqual(expected);
        expect(actual).toContain('left');
      });
    }
  }

  it('tells those who are unsubscribed, or were told the end, nothing more', async () => {
    const stopped: unknown[] = [];
    config.onStoppedNotification = ({ kind }) => stopped.push(kind);
    const [expected, actual] = await both(({ observable, record }) => {
      const subscription = observable((subscriber) => {
        subscriber.add(() => {
          subscriber.next('late');
          subscriber.complete();
          subscriber.error('late');
        });
      }).subscribe(record);
      subscription.unsubscribe();
      record('unsubscribed');
    });
    config.onStoppedNotification = null;
    expect(actual).toEqual(expected);
    expect(stopped).toEqual(['N', 'C', 'E', 'N', 'C', 'E']);
  });

  it('takes teardowns in the order in which they come, whoever adds them', async () => {
    const [expected, actual] = await both(({ observable, record }) => {
      const named = (name: string) => (): void => {
        record(name);
      };
      const subscription = observable((subscriber) => {
        subscriber.add(new TestWaiter(subscriber, named('first waiter')));
        subscriber.add(new TestWaiter(subscriber, named('second waiter')));
        subscriber.add(named('function'));
        subscriber.add(undefined);
      }).subscribe(record);
      subscription.add(named('added later'));
      const other = new Subscription();
      other.add(subscription);
      subscription.unsubscribe();
      subscription.unsubscribe();
      subscription.add(named('added when it is over'));
      other.unsubscribe();
    });
    expect(actual).toEqual(expected);
    expect(actual).toEqual(['first waiter', 'second waiter', 'function', 'added later', 'added when it is over']);
  });

  it('tears a waiter down at once that comes too late', async () => {
    const [expected, actual] = await both(({ observable, record }) => {
      observable((subscriber) => {
        subscriber.complete();
        subscriber.add(
          new TestWaiter(subscriber, () => {
            record('left');
          }),
        );
      }).subscribe(record);
    });
    expect(actual).toEqual(expected);
    expect(actual).toEqual(['left']);
  });

  it('is left by its parent', async () => {
    const [expected, actual] = await both(({ observable, record }) => {
      const parent = new Subscription();
      parent.add(
        observable((subscriber) => {
          subscriber.add(
            new TestWaiter(subscriber, () => {
              record('left');
            }),
          );
        }).subscribe(record),
      );
      parent.unsubscribe();
    });
    expect(actual).toEqual(expected);
    expect(actual).toEqual(['left']);
  });

  for (const [what, error] of [
    ['an error', new Error('teardown')],
    ['what RxJS throws', unsubscriptionError()],
  ] as const) {
    it(`throws what a teardown throws, if it is ${what}`, async () => {
      const [expected, actual] = await both(({ observable, record }) => {
        const subscription = observable((subscriber) => {
          subscriber.add(
            new TestWaiter(subscriber, () => {
              throw error;
            }),
          );
        }).subscribe(record);
        try {
          subscription.unsubscribe();
        } catch (thrown) {
          record(thrown instanceof UnsubscriptionError);
          record((thrown as UnsubscriptionError).errors);
        }
        record(subscription.closed);
      });
      expect(actual).toEqual(expected);
      expect(actual.length).toBe(3);
    });
  }

  it('serves three functions', async () => {
    for (const start of Object.values(endings)) {
      const [expected, actual] = await both(({ observable, record }) => {
        const observed = observable(start);
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- whoever still calls it so is served
        observed.subscribe(record, record, () => {
          record('complete');
        });
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
        observed.subscribe(null, null, () => {
          record('complete');
        });
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
        observed.subscribe(record, null, null);
      });
      expect(actual).toEqual(expected);
      expect(actual.length).toBeGreaterThan(0);
    }
  });

  it('serves operators with a subscriber of their own', async () => {
    for (const start of Object.values(endings)) {
      const [expected, actual] = await both(({ observable, record }) => {
        observable(start)
          .pipe(map((value) => `${value}!`))
          .subscribe(new Recorder(record));
      });
      expect(actual).toEqual(expected);
    }
  });

  it('throws what handlers throw, with synchronous error handling', () => {
    for (const start of Object.values(endings)) {
      const [expected, actual] = [theirs, ours].map((observable) =>
        thrownDuring(() => {
          observable(start).subscribe({ next: throwing('next'), error: throwing('error'), complete: throwing('complete') });
        }),
      );
      expect(actual).toEqual(expected);
      expect(actual?.length).toBe(1);
    }
  });

  it('gives handlers a context with unsubscribe(), where that is asked for', () => {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- this deprecated mode is what is tested
    config.useDeprecatedNextContext = true;
    try {
      for (const observable of [theirs, ours]) {
        const seen: string[] = [];
        observable((subscriber) => {
          subscriber.next('a');
          subscriber.next('b');
        }).subscribe({
          next(this: unknown, value) {
            seen.push(value);
            (this as Subscription).unsubscribe();
          },
        });
        expect(seen).toEqual(['a']);
      }
    } finally {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
      config.useDeprecatedNextContext = false;
    }
  });

  it('lets go of who observed it, when it is over', () => {
    const observer = { next: (): void => undefined };
    const subscription = ours(() => undefined).subscribe(observer);
    expect(Object.values(subscription)).toContain(observer);
    subscription.unsubscribe();
    expect(Object.values(subscription)).not.toContain(observer);
  });
});

function unsubscriptionError(): unknown {
  try {
    new Subscription(throwing('inner')).unsubscribe();
  } catch (error) {
    return error;
  }
  return undefined;
}
