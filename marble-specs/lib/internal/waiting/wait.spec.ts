/**
 * `acquire()` and `wait()` return a `WaitObservable`, which has a subscriber class of its own. Each trial here runs on an
 * `Observable` of RxJS and on a `WaitObservable`, and both must give the same record.
 */
import { config, map, Observable, Subject, Subscription, UnsubscriptionError, type Observer, type Subscriber } from 'rxjs';

import { Lock } from 'rxjs-locks';

import { Waiter } from '../../../../lib/internal/waiting/waiter.js';
import { ONE } from '../../../../lib/internal/waiting/demand.js';
import { WaitObservable } from '../../../../lib/internal/waiting/wait.js';
import { recorder } from '../../../support/recorder.js';
import { thrownDuring, unhandledDuring } from '../../../support/unhandled.js';

type Start = (subscriber: Subscriber<string>) => void;

/** What a trial gets: a constructor of the Observable under test, and a record. */
interface Trial {
  /** Makes the Observable. */
  readonly observable: (start: Start) => Observable<string>;
  readonly record: (what: unknown) => void;
}

class TestWaiter extends Waiter {
  constructor(
    subscriber: Subscriber<unknown>,
    private readonly tornDown: () => void,
  ) {
    super(ONE, subscriber);
  }

  override unsubscribe(): void {
    this.tornDown();
  }

  protected granted(): void {
    // No spec here grants a waiter.
  }
}

const ofRxjs = (start: Start): Observable<string> => new Observable(start);
const ofLibrary = (start: Start): Observable<string> => new WaitObservable(start);

/** Runs a trial on both. Returns the record and the unhandled errors of RxJS's Observable, and those of the library's. */
async function runBoth(trial: (trial: Trial) => void): Promise<[unknown[], unknown[]]> {
  return [await runTrial(trial, ofRxjs), await runTrial(trial, ofLibrary)];
}

async function runTrial(trial: (trial: Trial) => void, observable: Trial['observable']): Promise<unknown[]> {
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

/** Arguments of `subscribe()`. */
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
    'an observer whose methods use this': (record) => new Recorder(record),
    'an observer with only next': (record) => ({ next: record }),
    'an observer with only error': (record) => ({ error: record }),
    'an observer with only complete': (record) => ({
      complete: () => {
        record('complete');
      },
    }),
    'an observer without handlers': () => ({}),
    'no observer': () => undefined,
    'a function with properties named like handlers': (record) =>
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

/** What the source does. */
const sources: Record<string, Start> = {
  'a value': (subscriber) => {
    subscriber.next('a');
  },
  'two values and a completion': (subscriber) => {
    subscriber.next('a');
    subscriber.next('b');
    subscriber.complete();
  },
  'an error': (subscriber) => {
    subscriber.next('a');
    subscriber.error(new Error('failed'));
  },
  'a thrown error': (subscriber) => {
    subscriber.next('a');
    throw new Error('thrown');
  },
};

describe('The Observable of acquire()', () => {
  it('ignores arguments that are no observers, as RxJS does, and calls observers without a prototype', () => {
    const lock = new Lock();
    for (const argument of [true, 5, 'x', Symbol('x')]) {
      lock.acquire().subscribe(argument as never);
      expect(lock.locked()).toBeTrue();
      lock.release();
    }
    const record: string[] = [];
    const bare = Object.assign(Object.create(null) as object, recorder(record, 'a'));
    lock.acquire().subscribe(bare);
    expect(record).toEqual(['a: permit', 'a: complete']);
  });
});

describe('A WaitObservable, like an Observable of RxJS,', () => {
  for (const [to, observer] of Object.entries(observers)) {
    for (const [what, start] of Object.entries(sources)) {
      it(`serves ${to} with ${what}`, async () => {
        const [expected, actual] = await runBoth(({ observable, record }) => {
          const subscription = observable((subscriber) => {
            subscriber.add(
              new TestWaiter(subscriber, () => {
                record('torn down');
              }),
            );
            start(subscriber);
            record(subscriber.closed);
          }).subscribe(observer(record) as Partial<Observer<string>>); // or any other argument
          record(subscription.closed);
          subscription.unsubscribe();
          record(subscription.closed);
        });
        expect(actual).toEqual(expected);
        expect(actual).toContain('torn down');
      });
    }
  }

  it('sends no notification to a subscriber that has unsubscribed or completed', async () => {
    const stopped: unknown[] = [];
    config.onStoppedNotification = ({ kind }) => stopped.push(kind);
    const [expected, actual] = await runBoth(({ observable, record }) => {
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

  it('runs teardowns in the order in which they were added, by the source and by the caller', async () => {
    const [expected, actual] = await runBoth(({ observable, record }) => {
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
      subscription.add(named('added after the end'));
      other.unsubscribe();
    });
    expect(actual).toEqual(expected);
    expect(actual).toEqual(['first waiter', 'second waiter', 'function', 'added later', 'added after the end']);
  });

  it('tears a waiter down at once if it is added after the end', async () => {
    const [expected, actual] = await runBoth(({ observable, record }) => {
      observable((subscriber) => {
        subscriber.complete();
        subscriber.add(
          new TestWaiter(subscriber, () => {
            record('torn down');
          }),
        );
      }).subscribe(record);
    });
    expect(actual).toEqual(expected);
    expect(actual).toEqual(['torn down']);
  });

  it('is torn down with its parent subscription', async () => {
    const [expected, actual] = await runBoth(({ observable, record }) => {
      const parent = new Subscription();
      parent.add(
        observable((subscriber) => {
          subscriber.add(
            new TestWaiter(subscriber, () => {
              record('torn down');
            }),
          );
        }).subscribe(record),
      );
      parent.unsubscribe();
    });
    expect(actual).toEqual(expected);
    expect(actual).toEqual(['torn down']);
  });

  for (const [what, error] of [
    ['an error', new Error('teardown')],
    ['an UnsubscriptionError', unsubscriptionError()],
  ] as const) {
    it(`throws an UnsubscriptionError when a teardown throws ${what}`, async () => {
      const [expected, actual] = await runBoth(({ observable, record }) => {
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

  it('serves callers that pass three functions', async () => {
    for (const start of Object.values(sources)) {
      const [expected, actual] = await runBoth(({ observable, record }) => {
        const observed = observable(start);
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- callers of the deprecated form are served
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

  it('serves operators, which have their own subscriber', async () => {
    for (const start of Object.values(sources)) {
      const [expected, actual] = await runBoth(({ observable, record }) => {
        observable(start)
          .pipe(map((value) => `${value}!`))
          .subscribe(new Recorder(record));
      });
      expect(actual).toEqual(expected);
    }
  });

  it('throws the errors of handlers, with synchronous error handling', () => {
    for (const start of Object.values(sources)) {
      const [expected, actual] = [ofRxjs, ofLibrary].map((observable) =>
        thrownDuring(() => {
          observable(start).subscribe({ next: throwing('next'), error: throwing('error'), complete: throwing('complete') });
        }),
      );
      expect(actual).toEqual(expected);
      expect(actual?.length).toBe(1);
    }
  });

  it('gives handlers a context with unsubscribe(), with useDeprecatedNextContext', () => {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- this deprecated mode is what is tested
    config.useDeprecatedNextContext = true;
    try {
      for (const observable of [ofRxjs, ofLibrary]) {
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

  it('keeps no reference to its observer after the end', () => {
    const observer = { next: (): void => undefined };
    const subscription = ofLibrary(() => undefined).subscribe(observer);
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
