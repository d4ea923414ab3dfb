import { finalize, merge, NEVER, of, Subject, take, tap, type Observable } from 'rxjs';
import { Barrier, Event, KeyedLock, Lock, Semaphore, type Permit } from 'rxjs-locks';
import {
  concatMapByKey,
  exhaustMapLatest,
  gateByEvent,
  meetAtBarrier,
  throttleBySemaphore,
  withLock,
} from 'rxjs-locks/operators';

import { LosableLock } from '../support/losable.js';

/** A kind of async context, such as zones: each has a name. */
export interface Contexts {
  /** The name of the context of the caller. */
  readonly current: () => string | undefined;
  /** Runs a task in a context of that name. */
  readonly run: (name: string, task: () => void) => void;
}

/** A kept value runs in the context in which it arrived. A kept output is emitted in the context in which its task emitted it. */
export function itKeepsContexts({ current, run }: Contexts): void {
  let record: string[];

  let source: Subject<string>;

  const here = (what: string): void => {
    record.push(`${what} in ${String(current())}`);
  };

  /** Emits each value in the context that its first letter names. */
  const emit = (...values: string[]): void => {
    for (const value of values) {
      run(value.charAt(0), () => {
        source.next(value);
      });
    }
  };

  const listen = (outputs: Observable<string>): void => {
    outputs.subscribe((value) => {
      here(`${value} out`);
    });
  };

  /** Projects each value to a task that records where it starts, and emits at once. */
  const project = (value: string): Observable<string> => {
    here(`${value} begins`);
    return of(value);
  };

  beforeEach(() => {
    record = [];
    source = new Subject<string>();
  });

  it('runs a waiting value in its own context: throttleBySemaphore, concatMapByKey', () => {
    for (const operator of [
      (lock: Semaphore) => throttleBySemaphore(lock, project),
      (lock: Semaphore) => concatMapByKey(() => 'key', project, { locks: { get: () => lock } }),
    ]) {
      record = [];
      const lock = new Semaphore();
      const permit = lock.tryAcquire();
      listen(source.pipe(operator(lock)));
      emit('A', 'B');
      run('releaser', () => permit?.release());
      expect(record).toEqual(['A begins in A', 'A out in A', 'B begins in B', 'B out in B']);
      source = new Subject<string>();
    }
  });

  it('ends a task whose permit is lost in its own context: withLock, throttleBySemaphore', () => {
    const torn = NEVER.pipe(
      finalize(() => {
        here('torn down');
      }),
    );
    for (const operator of [
      (lock: LosableLock) => withLock<string>(lock),
      (lock: LosableLock) => throttleBySemaphore(lock, () => torn),
    ]) {
      record = [];
      const lock = new LosableLock();
      run('A', () => {
        merge(of('x'), torn)
          .pipe(operator(lock))
          .subscribe({
            error: () => {
              here('fails');
            },
          });
      });
      run('other', () => {
        lock.last.lose();
      });
      expect(new Set(record)).toEqual(new Set(['torn down in A', 'fails in A']));
    }
  });

  it("runs a value that replaces a waiting one in the context of the later value: concatMapByKey, keep: 'latest'", () => {
    const locks = new KeyedLock<string>();
    const permit = locks.get('document').tryAcquire();
    listen(source.pipe(concatMapByKey(() => 'document', project, { locks, keep: 'latest' })));
    emit('A', 'B');
    run('releaser', () => permit?.release());
    expect(record).toEqual(['B begins in B', 'B out in B']);
  });

  it("runs a value in its own context if it replaces one whose task is about to start: concatMapByKey, keep: 'latest'", () => {
    const answer = new Subject<Permit>();
    const acquire = (): Observable<Permit> => {
      emit('B');
      return answer;
    };
    listen(
      source.pipe(
        take(2),
        concatMapByKey(() => 'document', project, { locks: { get: () => ({ acquire }) }, keep: 'latest' }),
      ),
    );
    emit('A');
    run('granter', () => {
      answer.next({ released: false, release: () => undefined, [Symbol.dispose]: () => undefined });
    });
    expect(record).toEqual(['B begins in B', 'B out in B']);
  });

  it('runs the kept value in its own context, not in the context that ends the task before: exhaustMapLatest', () => {
    const first = new Subject<string>();
    listen(source.pipe(exhaustMapLatest((value) => (value === 'A' ? first : project(value)))));
    emit('A', 'B', 'C');
    run('ender', () => {
      first.complete();
    });
    expect(record).toEqual(['C begins in C', 'C out in C']);
  });

  it('emits each held value in its own context: gateByEvent', () => {
    const event = new Event();
    listen(source.pipe(gateByEvent(event)));
    emit('A', 'B');
    run('setter', () => {
      event.set();
    });
    emit('C');
    expect(record).toEqual(['A out in A', 'B out in B', 'C out in C']);
  });

  it('emits a value in its own context that arrives while earlier values are emitted: gateByEvent', () => {
    const event = new Event();
    listen(
      source.pipe(
        gateByEvent(event),
        tap((value) => {
          if (value === 'A') {
            emit('B');
          }
        }),
      ),
    );
    emit('A');
    run('setter', () => {
      event.set();
    });
    expect(record).toEqual(['A out in A', 'B out in B']);
  });

  it('enqueues each value, and emits it, in its own context: meetAtBarrier', () => {
    const barrier = new Barrier(2);
    listen(source.pipe(meetAtBarrier(barrier)));
    emit('A', 'B');
    for (const name of ['first', 'second']) {
      run(name, () => {
        barrier.wait().subscribe();
      });
    }
    expect(record).toEqual(['A out in A', 'B out in B']);
  });

  it('emits a kept output in the context in which the task emitted it: throttleBySemaphore, ordered', () => {
    const tasks = new Map(['A', 'B', 'C'].map((value) => [value, new Subject<string>()]));
    const taskOf = (value: string): Observable<string> => tasks.get(value) ?? NEVER;
    listen(source.pipe(throttleBySemaphore(new Semaphore(3), taskOf, { ordered: true })));
    emit('A', 'B', 'C');
    for (const value of ['C', 'B']) {
      run(`emitter of ${value}`, () => tasks.get(value)?.next(value));
    }
    run('ender of B', () => tasks.get('B')?.complete());
    run('ender of A', () => tasks.get('A')?.complete());
    expect(record).toEqual(['B out in emitter of B', 'C out in emitter of C']);
  });

  it('emits a value that need not wait at once, in whatever context it arrives', () => {
    const event = new Event();
    event.set();
    const lock = new Lock();
    listen(source.pipe(gateByEvent(event), throttleBySemaphore(lock, project), exhaustMapLatest(project)));
    emit('A');
    expect(record).toEqual(['A begins in A', 'A begins in A', 'A out in A']);
  });
}
