import { defer, EMPTY, NEVER, of, Subject, type Observable } from 'rxjs';
import {
  Barrier,
  BoundedSemaphore,
  captureContext,
  Condition,
  Event,
  KeyedLock,
  Lock,
  ReadWriteLock,
  Semaphore,
  type Acquirable,
  type Permit,
} from 'rxjs-locks';
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

import { ForeignLock } from '../../../support/foreign.js';
import { recorder } from '../../../support/recorder.js';

/** Each function with options: its title here, its name in messages, and a call that passes any options on. */
const callers: readonly (readonly [string, string, (options: never) => unknown])[] = [
  ['withLock', 'withLock', (options) => withLock(new Lock(), options)],
  [
    'throttleBySemaphore with a project',
    'throttleBySemaphore with a project',
    (options) => throttleBySemaphore(new Semaphore(), () => EMPTY, options),
  ],
  ['concatMapByKey', 'concatMapByKey', (options) => concatMapByKey(String, () => EMPTY, options)],
  ['gateByEvent', 'gateByEvent', (options) => gateByEvent(new Event(), options)],
  ['withCondition', 'withCondition', (options) => withCondition(new Condition(), () => true, options)],
  ['Lock.use', 'use', (options) => new Lock().use(() => EMPTY, options)],
  ['ReadWriteLock.read.use', 'use', (options) => new ReadWriteLock().read.use(() => EMPTY, options)],
  ['Condition.use', 'use', (options) => new Condition().use(() => EMPTY, options)],
  ['Condition.wait', 'a wait for a condition', (options) => new Condition().wait(options)],
  ['Condition.waitFor', 'a wait for a condition', (options) => new Condition().waitFor(() => true, options)],
  ['Event.wait', 'wait', (options) => new Event().wait(options)],
  ['Barrier.wait', 'wait', (options) => new Barrier(2).wait(options)],
  ['a Lock', 'a primitive', (options) => new Lock(options)],
  ['a BoundedSemaphore', 'a primitive', (options) => new BoundedSemaphore(1, options)],
  ['a KeyedLock', 'a primitive', (options) => new KeyedLock(options)],
];

/** The text of a value in messages. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

describe('Options', () => {
  for (const [title, name, call] of callers) {
    it(`of ${title} are rejected unless they are an object`, () => {
      for (const options of [null, 5, 'x']) {
        expect(() => call(options as never)).toThrowError(
          TypeError,
          `the options argument of ${name} must be an object, but is ${textOf(options)}`,
        );
      }
    });

    it(`of ${title} are rejected if one of them is unknown`, () => {
      expect(() => call({ wait: undefined } as never)).not.toThrow();
      expect(() => call({ wieght: 2 } as never)).toThrowError(
        TypeError,
        new RegExp(`^${name} takes no option wieght: it takes `),
      );
    });
  }

  it('of acquire() and tryAcquire() are rejected if one of them is unknown', () => {
    const lock = new Semaphore();
    for (const call of [(options: object) => lock.acquire(options), (options: object) => lock.tryAcquire(options)]) {
      expect(() => call({ until: NEVER })).toThrowError(
        TypeError,
        'acquire takes no option until: it takes weight, priority, label',
      );
    }
    expect(() => lock.acquire(null as never)).toThrowError(RangeError);
  });

  it('may be inherited, as by an instance of a class with getters', () => {
    class Heavy {
      readonly #units = 3;

      get weight(): number {
        return this.#units;
      }
    }
    const semaphore = new Semaphore(5);
    const available: number[] = [];
    const task = (): Observable<never> => {
      available.push(semaphore.available);
      return EMPTY;
    };
    defer(task).pipe(withLock(semaphore, new Heavy())).subscribe();
    of('x')
      .pipe(throttleBySemaphore(semaphore, task, new Heavy()))
      .subscribe();
    semaphore.use(task, new Heavy()).subscribe();
    void semaphore.run(() => {
      task();
    }, new Heavy());
    semaphore.acquire(new Heavy()).subscribe(task);
    expect(available).toEqual([2, 2, 2, 2, 2]);
  });

  it('of run() reject its promise unless they are an object, and if one of them is unknown', async () => {
    const lock = new Lock();
    await expectAsync(lock.run(() => 1, null as never)).toBeRejectedWithError(
      TypeError,
      'the options argument of run must be an object, but is null',
    );
    await expectAsync(lock.run(() => 1, { until: NEVER } as never)).toBeRejectedWithError(
      TypeError,
      'run takes no option until: it takes weight, priority, label, signal',
    );
  });

  it('of throttleBySemaphore without a project are rejected as a third argument', () => {
    const callWithThree = throttleBySemaphore as (semaphore: Acquirable, second: unknown, third: unknown) => unknown;
    for (const second of [undefined, {}]) {
      expect(() => callWithThree(new Semaphore(), second, { ordered: true })).toThrowError(
        TypeError,
        'throttleBySemaphore without a project takes its options as the second argument, not as the third',
      );
    }
    expect(() => throttleBySemaphore(new Semaphore(), { ordered: true } as never)).toThrowError(
      TypeError,
      'throttleBySemaphore takes no option ordered: it takes weight, priority, label, until, whenBusy',
    );
  });

  it('of an operator that takes none are rejected unless they are empty', () => {
    const options = { until: NEVER };
    for (const [name, call] of [
      ['waitForEvent', (waitForEvent as (event: Event, options: object) => unknown).bind(undefined, new Event())],
      ['meetAtBarrier', (meetAtBarrier as (barrier: Barrier, options: object) => unknown).bind(undefined, new Barrier(2))],
      ['exhaustMapLatest', (exhaustMapLatest as (project: () => [], options: object) => unknown).bind(undefined, () => [])],
    ] as const) {
      expect(() => call(options)).toThrowError(TypeError, `${name} takes no option until: it takes none`);
      expect(() => call({})).not.toThrow();
    }
  });

  it('of tryAcquire() are rejected by a primitive without weights and priorities', () => {
    for (const lock of [new Lock(), new Condition(), new ReadWriteLock().write, new KeyedLock().get('x')]) {
      const tryAcquire = lock.tryAcquire.bind(lock) as (options: unknown) => unknown;
      expect(() => tryAcquire({ weight: 2 })).toThrowError(RangeError);
      expect(() => tryAcquire(2)).toThrowError(RangeError);
      expect(() => tryAcquire({ priority: 1 })).toThrowError(RangeError);
      expect(() => tryAcquire({ wieght: 1 })).toThrowError(TypeError);
      expect(tryAcquire(1)).not.toBeNull();
    }
  });
});

describe('Arguments', () => {
  it('appear in messages, even without a prototype', () => {
    const bare: unknown = Object.create(null); // like the namespace of a module
    for (const [call, message] of [
      [() => withLock(bare as Lock), 'withLock needs something with an acquire() method, but got [object Object]'],
      [
        () => withLock(new Lock(), { whenBusy: bare as 'skip' }),
        "whenBusy must be 'wait', 'skip' or 'error', but is [object Object]",
      ],
      [() => new Lock().use(bare as () => []), 'the task must be a function, but is [object Object]'],
      [() => new KeyedLock().all(bare as []), 'all needs an iterable of keys, but got [object Object]'],
      [() => new Lock().acquire({ label: bare as string }), 'label must be a string, but is [object Object]'],
      [
        () => gateByEvent(new Event(), { overflow: Symbol('x') as never }),
        "overflow must be 'error', 'drop-oldest' or 'drop-newest', but is Symbol(x)",
      ],
    ] as const) {
      expect(call).toThrowError(TypeError, message);
    }
  });

  it('appear in messages by name if they are functions, and not as source text', () => {
    expect(() => withLock(Lock as never)).toThrowError(
      TypeError,
      'withLock needs something with an acquire() method, but got the function Lock',
    );
  });

  it('that name a primitive must be strings', () => {
    for (const name of [5, null, Symbol('x')]) {
      expect(() => new Lock({ name } as never)).toThrowError(TypeError, `name must be a string, but is ${String(name)}`);
    }
  });

  it('that label a waiter must be strings', () => {
    expect(() => new Lock().acquire({ label: 5 as unknown as string })).toThrowError(
      TypeError,
      'label must be a string, but is 5',
    );
    expect(() => throttleBySemaphore(new Lock(), () => EMPTY, { label: 5 as unknown as string })).toThrowError(TypeError);
    expect(() => concatMapByKey(String, () => EMPTY, { label: 5 as unknown as string })).toThrowError(TypeError);
  });

  it('of captureContext() must be functions', () => {
    expect(() => {
      captureContext(5 as never);
    }).toThrowError(TypeError, 'the capture must be a function, but is 5');
  });
});

describe('Foreign acquirables', () => {
  it('fail the stream with the reason if acquire() returns no Observable, or an unsubscribed Subject', () => {
    const messages: string[] = [];
    const mutex = { acquire: () => Promise.resolve(() => undefined) } as unknown as Acquirable;
    of('x')
      .pipe(withLock(mutex))
      .subscribe({ error: ({ message }: Error) => messages.push(message) });
    const withoutResult = { acquire: () => undefined } as unknown as Acquirable;
    of('x')
      .pipe(withLock(withoutResult))
      .subscribe({ error: ({ message }: Error) => messages.push(message) });
    const unsubscribed = new Subject<Permit>();
    unsubscribed.unsubscribe();
    of('x')
      .pipe(withLock({ acquire: () => unsubscribed }))
      .subscribe({ error: ({ name }: Error) => messages.push(name) });
    expect(messages.pop()).toBe('ObjectUnsubscribedError');
    expect(messages).toEqual([
      'cannot acquire the acquirable: its acquire() returned [object Promise], not an Observable',
      'cannot acquire the acquirable: its acquire() returned undefined, not an Observable',
    ]);
  });

  it('fail the stream with an option that they do not take, as a Lock does with a priority', () => {
    const messages: string[] = [];
    for (const options of [{ priority: 1 }, { label: 'x' }]) {
      for (const lock of [new ForeignLock(), new Lock()]) {
        of('x')
          .pipe(withLock(lock, options))
          .subscribe({
            next: (value) => messages.push(value),
            error: ({ name, message }: Error) => messages.push(`${name}: ${message}`),
          });
        const record: string[] = [];
        of('x').pipe(withLock(lock)).subscribe(recorder(record, 'a'));
        expect(record).toEqual(['a: x', 'a: complete']);
      }
    }
    expect(messages).toEqual([
      'RangeError: cannot acquire the acquirable with a priority: its acquire() takes only a weight',
      'RangeError: cannot acquire lock with a priority: it has no priorities',
      'RangeError: cannot acquire the acquirable with a label: its acquire() takes only a weight',
      'x',
    ]);
  });
});
