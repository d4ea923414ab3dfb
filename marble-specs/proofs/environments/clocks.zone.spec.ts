import { fakeAsync, flush, tick } from '@angular/core/testing';
import { asyncScheduler, defer, finalize, interval, map, take, timeout, timer, type Observable, type Observer } from 'rxjs';
import { Barrier, BoundedSemaphore, Condition, Event, KeyedLock, Lock, ReadWriteLock, Semaphore, type Permit } from 'rxjs-locks';
import {
  concatMapByKey,
  exhaustMapLatest,
  gateByEvent,
  meetAtBarrier,
  throttleBySemaphore,
  waitForEvent,
  withCondition,
  withLock,
} from 'rxjs-locks/operators';
import { TestScheduler } from 'rxjs/testing';

import { recorder } from '../../support/recorder.js';

/** Records what happens in a scenario. All of its time comes from RxJS, so both test clocks can replace it. */
class Stage {
  readonly record: string[] = [];
  private readonly start = asyncScheduler.now();

  note(word: string): void {
    this.record.push(`${String(asyncScheduler.now() - this.start)} ${word}`);
  }

  /** Calls `run` at a time, and then notes `word`: waiters are woken inside `run`. */
  at(time: number, word: string, run: () => void): void {
    timer(time).subscribe(() => {
      run();
      this.note(word);
    });
  }

  observer<T>(name: string): Observer<T> {
    return recorder(
      {
        push: (word) => {
          this.note(word);
        },
      },
      name,
    );
  }

  /** Holds its permit for `time`. */
  holds(name: string, time: number): (permit: Permit) => void {
    return (permit) => {
      this.note(`${name} holds`);
      this.at(time, `${name} has released`, () => {
        permit.release();
      });
    };
  }

  /** A task that takes `time` and emits its name. */
  task(name: string, time: number): Observable<string> {
    return defer(() => {
      this.note(`${name} begins`);
      return timer(time).pipe(
        map(() => name),
        finalize(() => {
          this.note(`${name} ends`);
        }),
      );
    });
  }
}

interface Scenario {
  readonly name: string;
  readonly play: (stage: Stage) => void;
  readonly record: readonly string[];
}

const scenarios: readonly Scenario[] = [
  {
    name: 'Lock',
    play: (stage) => {
      const lock = new Lock();
      lock.subscribe(stage.observer('state'));
      lock.acquire().subscribe(stage.holds('first', 5));
      lock.acquire().pipe(timeout(3)).subscribe(stage.observer('impatient'));
      lock.acquire().subscribe(stage.holds('second', 5));
      lock.use(() => stage.task('third', 2)).subscribe();
    },
    record: [
      '0 state: {"locked":false,"waiting":0}',
      '0 state: {"locked":true,"waiting":0}',
      '0 first holds',
      '0 state: {"locked":true,"waiting":1}',
      '0 state: {"locked":true,"waiting":2}',
      '0 state: {"locked":true,"waiting":3}',
      '3 state: {"locked":true,"waiting":2}',
      '3 impatient: TimeoutError',
      '5 state: {"locked":true,"waiting":1}',
      '5 second holds',
      '5 first has released',
      '10 state: {"locked":true,"waiting":0}',
      '10 third begins',
      '10 second has released',
      '12 third ends',
      '12 state: {"locked":false,"waiting":0}',
    ],
  },
  {
    name: 'Semaphore',
    play: (stage) => {
      const semaphore = new Semaphore(2);
      semaphore.acquire().subscribe(stage.holds('light', 4));
      semaphore.acquire(2).subscribe(stage.holds('heavy', 3));
      semaphore.acquire().subscribe(stage.holds('behind', 1));
      stage.at(9, 'one more', () => {
        semaphore.acquire(3).subscribe(stage.observer('large'));
        semaphore.release();
      });
    },
    record: [
      '0 light holds',
      '4 heavy holds',
      '4 light has released',
      '7 behind holds',
      '7 heavy has released',
      '8 behind has released',
      '9 large: permit',
      '9 large: complete',
      '9 one more',
    ],
  },
  {
    name: 'BoundedSemaphore',
    play: (stage) => {
      const semaphore = new BoundedSemaphore(1);
      semaphore.acquire(2).subscribe(stage.observer('large'));
      semaphore.acquire().subscribe(stage.holds('first', 4));
      semaphore.use(() => stage.task('bounded', 1), { until: timer(2) }).subscribe(stage.observer('bounded'));
      semaphore.acquire().subscribe(stage.holds('second', 3));
    },
    record: [
      '0 large: RangeError',
      '0 first holds',
      '2 bounded: TimeoutError',
      '4 second holds',
      '4 first has released',
      '7 second has released',
    ],
  },
  {
    name: 'Event',
    play: (stage) => {
      const event = new Event();
      event.wait().subscribe(stage.observer('first'));
      event.wait().pipe(timeout(2)).subscribe(stage.observer('impatient'));
      event.wait().subscribe(stage.observer('second'));
      stage.at(5, 'set and cleared', () => {
        event.set();
        event.clear();
        event.wait().subscribe(stage.observer('late'));
      });
      stage.at(8, 'set', () => {
        event.set();
      });
    },
    record: [
      '2 impatient: TimeoutError',
      '5 first: true',
      '5 first: complete',
      '5 second: true',
      '5 second: complete',
      '5 set and cleared',
      '8 late: true',
      '8 late: complete',
      '8 set',
    ],
  },
  {
    name: 'Condition',
    play: (stage) => {
      const condition = new Condition();
      let items = 0;
      const wait = (name: string, until?: Observable<unknown>): void => {
        const rest = until === undefined ? {} : { until };
        condition.use((permit) => condition.wait({ permit, ...rest })).subscribe(stage.observer(name));
      };
      wait('notified');
      wait('out of time', timer(3));
      condition.use((permit) => condition.waitFor(() => items === 2 && 'two', { permit })).subscribe(stage.observer('patient'));
      condition
        .use((permit) => condition.waitFor(() => items === 9, { permit, until: timer(10) }))
        .subscribe(stage.observer('in vain'));
      for (const time of [5, 7]) {
        stage.at(time, 'one came', () => {
          condition
            .use(() => {
              items++;
              condition.notifyAll();
              return stage.task('notifier', 1);
            })
            .subscribe();
        });
      }
    },
    record: [
      '3 out of time: false',
      '3 out of time: complete',
      '5 notifier begins',
      '5 one came',
      '6 notifier ends',
      '6 notified: true',
      '6 notified: complete',
      '7 notifier begins',
      '7 one came',
      '8 notifier ends',
      '8 patient: two',
      '8 patient: complete',
      '10 in vain: false',
      '10 in vain: complete',
    ],
  },
  {
    name: 'Barrier',
    play: (stage) => {
      const barrier = new Barrier(3);
      const arrive = (name: string): void => {
        barrier.wait().subscribe(stage.observer(name));
      };
      arrive('first');
      barrier.wait().pipe(timeout(2)).subscribe(stage.observer('impatient'));
      ['second', 'third', 'fourth'].forEach((name, index) => {
        stage.at(3 + index, `${name} came`, () => {
          arrive(name);
        });
      });
      stage.at(8, 'aborted', () => {
        barrier.abort();
      });
    },
    record: [
      '2 impatient: TimeoutError',
      '3 second came',
      '4 first: 0',
      '4 first: complete',
      '4 second: 1',
      '4 second: complete',
      '4 third: 2',
      '4 third: complete',
      '4 third came',
      '5 fourth came',
      '8 fourth: BrokenBarrierError',
      '8 aborted',
    ],
  },
  {
    name: 'ReadWriteLock',
    play: (stage) => {
      const lock = new ReadWriteLock();
      lock.write.acquire().subscribe((permit) => {
        stage.at(2, 'downgraded', () => {
          permit.downgrade();
        });
        stage.holds('writer', 4)(permit);
      });
      lock.read.use(() => stage.task('reader', 3)).subscribe();
      lock.write.use(() => stage.task('next writer', 1)).subscribe();
      lock.read.use(() => stage.task('late reader', 1)).subscribe();
    },
    record: [
      '0 writer holds',
      '2 reader begins',
      '2 downgraded',
      '4 writer has released',
      '5 reader ends',
      '5 next writer begins',
      '6 next writer ends',
      '6 late reader begins',
      '7 late reader ends',
    ],
  },
  {
    name: 'KeyedLock',
    play: (stage) => {
      const locks = new KeyedLock<string>();
      locks.get('a').acquire().subscribe(stage.holds('a', 5));
      locks.all(['b', 'a']).acquire().pipe(timeout(3)).subscribe(stage.observer('impatient'));
      locks.all(['a', 'b']).acquire().subscribe(stage.holds('both', 2));
      locks
        .get('b')
        .use(() => stage.task('b', 1))
        .subscribe();
      locks
        .get('c')
        .use(() => stage.task('c', 1))
        .subscribe();
    },
    record: [
      '0 a holds',
      '0 c begins',
      '1 c ends',
      '3 impatient: TimeoutError',
      '5 both holds',
      '5 a has released',
      '7 b begins',
      '7 both has released',
      '8 b ends',
    ],
  },
  {
    name: 'withLock',
    play: (stage) => {
      const lock = new Lock();
      stage.task('first', 5).pipe(withLock(lock)).subscribe(stage.observer('first'));
      stage
        .task('second', 2)
        .pipe(withLock(lock, { until: timer(3) }))
        .subscribe(stage.observer('second'));
      stage.task('third', 2).pipe(withLock(lock)).subscribe(stage.observer('third'));
      const fourth = stage.task('fourth', 9).pipe(withLock(lock)).subscribe(stage.observer('fourth'));
      stage.task('fifth', 1).pipe(withLock(lock)).subscribe(stage.observer('fifth'));
      stage.at(8, 'fourth is cancelled', () => {
        fourth.unsubscribe();
      });
    },
    record: [
      '0 first begins',
      '3 second: TimeoutError',
      '5 first: first',
      '5 first ends',
      '5 first: complete',
      '5 third begins',
      '7 third: third',
      '7 third ends',
      '7 third: complete',
      '7 fourth begins',
      '8 fourth ends',
      '8 fifth begins',
      '8 fourth is cancelled',
      '9 fifth: fifth',
      '9 fifth ends',
      '9 fifth: complete',
    ],
  },
  {
    name: 'throttleBySemaphore',
    play: (stage) => {
      const semaphore = new Semaphore(2);
      interval(1)
        .pipe(
          take(4),
          throttleBySemaphore(semaphore, (value) => stage.task(`value ${String(value)}`, 6 - value), { ordered: true }),
        )
        .subscribe(stage.observer('ordered'));
      stage.task('one source', 1).pipe(throttleBySemaphore(semaphore)).subscribe(stage.observer('one source'));
    },
    record: [
      '0 one source begins',
      '1 value 0 begins',
      '1 one source: one source',
      '1 one source ends',
      '1 one source: complete',
      '2 value 1 begins',
      '7 ordered: value 0',
      '7 value 0 ends',
      '7 value 2 begins',
      '7 ordered: value 1',
      '7 value 1 ends',
      '7 value 3 begins',
      '10 value 3 ends',
      '11 ordered: value 2',
      '11 value 2 ends',
      '11 ordered: value 3',
      '11 ordered: complete',
    ],
  },
  {
    name: 'concatMapByKey',
    play: (stage) => {
      const work = (value: number) => stage.task(`value ${String(value)}`, 5);
      interval(1)
        .pipe(
          take(5),
          concatMapByKey((value) => value % 2, work, { keep: 'latest' }),
        )
        .subscribe(stage.observer('latest'));
    },
    record: [
      '1 value 0 begins',
      '2 value 1 begins',
      '6 latest: value 0',
      '6 value 0 ends',
      '6 value 4 begins',
      '7 latest: value 1',
      '7 value 1 ends',
      '7 value 3 begins',
      '11 latest: value 4',
      '11 value 4 ends',
      '12 latest: value 3',
      '12 value 3 ends',
      '12 latest: complete',
    ],
  },
  {
    name: 'withCondition',
    play: (stage) => {
      const condition = new Condition();
      let full = true;
      stage
        .task('put', 2)
        .pipe(withCondition(condition, () => !full))
        .subscribe(stage.observer('put'));
      stage
        .task('late', 2)
        .pipe(withCondition(condition, () => !full, { until: timer(2) }))
        .subscribe(stage.observer('late'));
      timer(3)
        .pipe(
          map(() => (full = false)),
          withCondition(condition, () => full),
        )
        .subscribe(stage.observer('take'));
    },
    record: [
      '2 late: TimeoutError',
      '3 take: false',
      '3 take: complete',
      '3 put begins',
      '5 put: put',
      '5 put ends',
      '5 put: complete',
    ],
  },
  {
    name: 'waitForEvent',
    play: (stage) => {
      const event = new Event();
      stage.task('first', 2).pipe(waitForEvent(event)).subscribe(stage.observer('first'));
      stage.task('second', 1).pipe(waitForEvent(event)).subscribe(stage.observer('second'));
      stage.at(4, 'set', () => {
        event.set();
      });
    },
    record: [
      '4 first begins',
      '4 second begins',
      '4 set',
      '5 second: second',
      '5 second ends',
      '5 second: complete',
      '6 first: first',
      '6 first ends',
      '6 first: complete',
    ],
  },
  {
    name: 'gateByEvent',
    play: (stage) => {
      const event = new Event();
      interval(2)
        .pipe(take(6), gateByEvent(event, { limit: 2, overflow: 'drop-oldest' }))
        .subscribe(stage.observer('values'));
      stage.at(7, 'set', () => {
        event.set();
      });
      stage.at(9, 'cleared', () => {
        event.clear();
      });
      stage.at(15, 'set', () => {
        event.set();
      });
    },
    record: [
      '7 values: 1',
      '7 values: 2',
      '7 set',
      '8 values: 3',
      '9 cleared',
      '15 values: 4',
      '15 values: 5',
      '15 values: complete',
      '15 set',
    ],
  },
  {
    name: 'meetAtBarrier',
    play: (stage) => {
      const barrier = new Barrier(2);
      interval(1).pipe(take(3), meetAtBarrier(barrier)).subscribe(stage.observer('fast'));
      interval(3).pipe(take(3), meetAtBarrier(barrier)).subscribe(stage.observer('slow'));
    },
    record: [
      '3 fast: 0',
      '3 slow: 0',
      '6 fast: 1',
      '6 slow: 1',
      '9 fast: 2',
      '9 fast: complete',
      '9 slow: 2',
      '9 slow: complete',
    ],
  },
  {
    name: 'exhaustMapLatest',
    play: (stage) => {
      interval(2)
        .pipe(
          take(5),
          exhaustMapLatest((value) => stage.task(`save ${String(value)}`, 5)),
        )
        .subscribe(stage.observer('saved'));
    },
    record: [
      '2 save 0 begins',
      '7 saved: save 0',
      '7 save 0 ends',
      '7 save 2 begins',
      '12 saved: save 2',
      '12 save 2 ends',
      '12 save 4 begins',
      '17 saved: save 4',
      '17 save 4 ends',
      '17 saved: complete',
    ],
  },
];

/** Longer than each scenario. */
const maxTime = 100;

interface FakeAsyncPatch {
  /** Runs code in the zone that fakeAsync needs. zone.js/testing gives each spec one when it patches Jasmine. */
  readonly withProxyZone: (run: () => void) => () => void;
}

function inProxyZone(run: () => void): void {
  const patch: unknown = Reflect.get(Zone, Zone.__symbol__('fakeAsyncTest'));
  (patch as FakeAsyncPatch).withProxyZone(run)();
}

function withFakeAsync({ play }: Scenario): readonly string[] {
  let record: readonly string[] = [];
  const run = fakeAsync(
    () => {
      const stage = new Stage();
      play(stage);
      tick(maxTime);
      expect(flush()).withContext('time that passed after the end').toBe(0);
      ({ record } = stage);
    },
    { flush: false },
  );
  inProxyZone(run);
  return record;
}

function withTestScheduler({ play }: Scenario): readonly string[] {
  const scheduler = new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  });
  let record: readonly string[] = [];
  scheduler.run(() => {
    const stage = new Stage();
    play(stage);
    ({ record } = stage);
  });
  // The scheduler did not see what happens after this.
  return [...record];
}

describe('A test clock shows every wake-up at its time and in its order', () => {
  for (const scenario of scenarios) {
    const { name, record } = scenario;

    it(`in the scenario ${name}, with a TestScheduler`, () => {
      expect(withTestScheduler(scenario)).toEqual(record);
    });

    it(`in the scenario ${name}, with fakeAsync`, () => {
      expect(withFakeAsync(scenario)).toEqual(record);
    });

    it(`in the scenario ${name}, with both alike`, () => {
      expect(withFakeAsync(scenario)).toEqual(withTestScheduler(scenario));
    });
  }
});
