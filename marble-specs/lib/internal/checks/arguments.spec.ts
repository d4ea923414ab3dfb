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

/** Everything that takes options, by the name that its messages have for it; each passes on what it is given, whatever it is. */
const takers: readonly (readonly [string, (options: never) => unknown])[] = [
  ['withLock', (options) => withLock(new Lock(), options)],
  ['throttleBySemaphore with a project', (options) => throttleBySemaphore(new Semaphore(), () => EMPTY, options)],
  ['concatMapByKey', (options) => concatMapByKey(String, () => EMPTY, options)],
  ['gateByEvent', (options) => gateByEvent(new Event(), options)],
  ['withCondition', (options) => withCondition(new Condition(), () => true, options)],
  ['use', (options) => new Lock().use(() => EMPTY, options)],
  ['use', (options) => new ReadWriteLock().read.use(() => EMPTY, options)],
  ['use', (options) => new Condition().use(() => EMPTY, options)],
  ['a wait for a condition', (options) => new Condition().wait(options)],
  ['a wait for a condition', (options) => new Condition().waitFor(() => true, options)],
  ['wait', (options) => new Event().wait(options)],
  ['wait', (options) => new Barrier(2).wait(options)],
  ['a primitive', (options) => new Lock(options)],
  ['a primitive', (options) => new BoundedSemaphore(1, options)],
  ['a primitive', (options) => new KeyedLock(options)],
];

/** A value as messages have it. */
function named(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

describe('Options', () => {
  takers.forEach(([name, take], number) => {
    it(`of ${name} (${String(number)}) are refused where they are none`, () => {
      for (const options of [null, 5, 'x']) {
        expect(() => take(options as never)).toThrowError(
          TypeError,
          `the options argument of ${name} must be an object, but is ${named(options)}`,
        );
      }
    });

    it(`of ${name} (${String(number)}) are refused where one of them would be ignored`, () => {
      expect(() => take({ wait: undefined } as never)).not.toThrow();
      expect(() => take({ wieght: 2 } as never)).toThrowError(
        TypeError,
        new RegExp(`^${name} takes no option wieght: it takes `),
      );
    });
  });

  it('of acquire() and tryAcquire() are refused where one of them would be ignored', () => {
    const lock = new Semaphore();
    for (const take of [(options: object) => lock.acquire(options), (options: object) => lock.tryAcquire(options)]) {
      expect(() => take({ until: NEVER })).toThrowError(
        TypeError,
        'acquire takes no option until: it takes weight, priority, label',
      );
    }
    expect(() => lock.acquire(null as never)).toThrowError(RangeError);
  });

  it('of a primitive are refused where the name is no string', () => {
    for (const name of [5, null, Symbol('x')]) {
      expect(() => new Lock({ name } as never)).toThrowError(TypeError, `name must be a string, but is ${String(name)}`);
    }
  });

  it('and arguments are named in messages, whatever they are', () => {
    const nothing: unknown = Object.create(null); // as the namespace of a module
    for (const [call, message] of [
      [() => withLock(nothing as Lock), 'withLock needs something with an acquire() method, but got [object Object]'],
      [
        () => withLock(new Lock(), { whenBusy: nothing as 'skip' }),
        "whenBusy must be 'wait', 'skip' or 'error', but is [object Object]",
      ],
      [() => new Lock().use(nothing as () => []), 'the task must be a function, but is [object Object]'],
      [() => new KeyedLock().all(nothing as []), 'all needs an iterable of keys, but got [object Object]'],
      [() => new Lock().acquire({ label: nothing as string }), 'label must be a string, but is [object Object]'],
      [
        () => gateByEvent(new Event(), { overflow: Symbol('x') as never }),
        "overflow must be 'error', 'drop-oldest' or 'drop-newest', but is Symbol(x)",
      ],
    ] as const) {
      expect(call).toThrowError(TypeError, message);
    }
  });

  it('are taken where they are inherited, as by an instance of a class that has getters', () => {
    class Heavy {
      readonly #units = 3;

      get weight(): number {
        return this.#units;
      }
    }
    const semaphore = new Semaphore(5);
    const seen: number[] = [];
    const look = (): Observable<never> => {
      seen.push(semaphore.available);
      return EMPTY;
    };
    defer(look).pipe(withLock(semaphore, new Heavy())).subscribe();
    of('x')
      .pipe(throttleBySemaphore(semaphore, look, new Heavy()))
      .subscribe();
    semaphore.use(look, new Heavy()).subscribe();
    void semaphore.run(() => {
      look();
    }, new Heavy());
    semaphore.acquire(new Heavy()).subscribe(look);
    expect(seen).toEqual([2, 2, 2, 2, 2]);
  });

  it('of run() reject where they are none, or where one of them would be ignored', async () => {
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

  it('of throttleBySemaphore without a project are refused as a third argument', () => {
    const third = throttleBySemaphore as (semaphore: Acquirable, second: unknown, third: unknown) => unknown;
    for (const second of [undefined, {}]) {
      expect(() => third(new Semaphore(), second, { ordered: true })).toThrowError(
        TypeError,
        'throttleBySemaphore without a project takes its options as the second argument, not as the third',
      );
    }
    expect(() => throttleBySemaphore(new Semaphore(), { ordered: true } as never)).toThrowError(
      TypeError,
      'throttleBySemaphore takes no option ordered: it takes weight, priority, label, until, whenBusy',
    );
  });

  it('of an operator that takes none are refused', () => {
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

  it('of tryAcquire() are refused by what knows no weights and priorities', () => {
    for (const lock of [new Lock(), new Condition(), new ReadWriteLock().write, new KeyedLock().get('x')]) {
      const tryAcquire = lock.tryAcquire.bind(lock) as (wanted: unknown) => unknown;
      expect(() => tryAcquire({ weight: 2 })).toThrowError(RangeError);
      expect(() => tryAcquire(2)).toThrowError(RangeError);
      expect(() => tryAcquire({ priority: 1 })).toThrowError(RangeError);
      expect(() => tryAcquire({ wieght: 1 })).toThrowError(TypeError);
      expect(tryAcquire(1)).not.toBeNull();
    }
  });

  it('that are a capture must be a function', () => {
    expect(() => {
      captureContext(5 as never);
    }).toThrowError(TypeError, 'the capture must be a function, but is 5');
  });

  it('are named in messages: a function by its name, and not by its text', () => {
    expect(() => withLock(Lock as never)).toThrowError(
      TypeError,
      'withLock needs something with an acquire() method, but got the function Lock',
    );
  });

  it('that are a lock of promises fail downstream, and say why', () => {
    const messages: string[] = [];
    const mutex = { acquire: () => Promise.resolve(() => undefined) } as unknown as Acquirable;
    of('x')
      .pipe(withLock(mutex))
      .subscribe({ error: ({ message }: Error) => messages.push(message) });
    const none = { acquire: () => undefined } as unknown as Acquirable;
    of('x')
      .pipe(withLock(none))
      .subscribe({ error: ({ message }: Error) => messages.push(message) });
    const dead = new Subject<Permit>();
    dead.unsubscribe();
    of('x')
      .pipe(withLock({ acquire: () => dead }))
      .subscribe({ error: ({ name }: Error) => messages.push(name) });
    expect(messages.pop()).toBe('ObjectUnsubscribedError');
    expect(messages).toEqual([
      'cannot acquire the acquirable: its acquire() returned [object Promise], not an Observable',
      'cannot acquire the acquirable: its acquire() returned undefined, not an Observable',
    ]);
  });

  it('that are a label must be a string', () => {
    expect(() => new Lock().acquire({ label: 5 as unknown as string })).toThrowError(
      TypeError,
      'label must be a string, but is 5',
    );
    expect(() => throttleBySemaphore(new Lock(), () => EMPTY, { label: 5 as unknown as string })).toThrowError(TypeError);
    expect(() => concatMapByKey(String, () => EMPTY, { label: 5 as unknown as string })).toThrowError(TypeError);
  });

  it('that a foreign Acquirable does not take fail downstream, as a Lock refuses a priority', () => {
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
