// Uses the package as a consumer does, with rxjs alone beside it: the newest, and the oldest of the peer range.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { inFolder, layOut, pack, run, tool } from './consumer.mjs';

const consumer = {
  'package.json': JSON.stringify({ type: 'module' }),
  'use.mjs': `
    import assert from 'node:assert/strict';
    import { firstValueFrom, of, range, toArray } from 'rxjs';
    import { Barrier, BoundedSemaphore, Condition, Event, KeyedLock, Lock, ReadWriteLock, Semaphore, trace } from 'rxjs-locks';
    import { concatMapByKey, meetAtBarrier, throttleBySemaphore, withLock } from 'rxjs-locks/operators';
    import { marbleOf } from 'rxjs-locks/testing';

    const lock = new Lock();
    assert.equal(await firstValueFrom(of('inside').pipe(withLock(lock))), 'inside');
    assert.equal(await lock.run(async () => 'run'), 'run');
    assert.deepEqual(lock.value, { locked: false, waiting: 0 });
    const double = throttleBySemaphore(new Semaphore(2), (value) => of(value * 2));
    assert.deepEqual(await firstValueFrom(range(1, 3).pipe(double, toArray())), [2, 4, 6]);
    assert.throws(() => new BoundedSemaphore(1).release(), RangeError);
    assert.equal(new Event().isSet(), false);
    assert.equal(new Condition().locked(), false);
    assert.equal(await firstValueFrom(of('met').pipe(meetAtBarrier(new Barrier(1)))), 'met');
    assert.equal(await new ReadWriteLock().write.run(async (permit) => (permit.downgrade(), 'read')), 'read');
    const drawn = firstValueFrom(marbleOf(trace(lock)));
    lock.tryAcquire().release();
    assert.match(await drawn, /^1 +-*g$/);
    const locks = new KeyedLock();
    assert.equal(await locks.all([1, 2]).run(async () => locks.keys), 2);
    const byKey = concatMapByKey((value) => value % 2, (value) => of(value), { locks });
    assert.deepEqual(await firstValueFrom(range(1, 3).pipe(byKey, toArray())), [1, 2, 3]);
  `,
  'use.ts': `
    import { map, of, type BehaviorSubject, type Observable } from 'rxjs';
    import { AsyncEvent, AsyncLock, Condition, KeyedLock, Lock, Semaphore, trace, type Acquirable, type LockState, type Permit } from 'rxjs-locks';
    import { concatMapByKey, throttleBySemaphore, withLock } from 'rxjs-locks/operators';
    import { marbleOf } from 'rxjs-locks/testing';

    const lock: Lock = new AsyncLock({ name: 'orders' });
    export const state: BehaviorSubject<LockState> = lock;
    export const acquirable: Acquirable = new Condition(lock);
    export const permit: Permit | null = lock.tryAcquire();
    export const inside: Observable<string> = of('x').pipe(withLock(lock, { whenBusy: 'skip' }));
    export const lengths: Observable<number> = of('x').pipe(
      throttleBySemaphore(new Semaphore(2), (value, index) => Promise.resolve(value.length + index)),
    );
    const locks = new KeyedLock<number>();
    export const side: Acquirable = locks.all([1, 2]);
    export const byKey: Observable<number> = of('x').pipe(
      concatMapByKey((value) => value.length, (value, index) => [index], { locks, keep: 'latest' }),
    );
    export const drawn: Observable<string> = marbleOf(trace(lock));
    export const isLocked: Observable<boolean> = trace(lock).pipe(map(({ state }) => state.locked));
    export const isSet: boolean = new AsyncEvent().isSet();
    // @ts-expect-error: the state changes through the methods alone
    lock.next({ locked: true, waiting: 0 });
    // @ts-expect-error: there is no bound on the wait of a whole stream
    throttleBySemaphore(new Semaphore(2), (value: string) => of(value), { until: of(0) });
  `,
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2022', 'DOM'],
      module: 'nodenext',
      moduleResolution: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
    },
    files: ['use.ts'],
  }),
};

await inFolder((folder) => {
  const { filename, tarball, count } = pack(folder);
  console.log(`${filename}: ${count} files`);
  console.log(tool('publint/src/cli.js', ['run', tarball, '--strict']));
  console.log(tool('@arethetypeswrong/cli/dist/index.js', [tarball, '--profile', 'esm-only']));

  for (const rxjs of ['rxjs', 'rxjs-oldest']) {
    const home = join(folder, `with-${rxjs}`);
    mkdirSync(home);
    layOut(home, tarball, consumer, rxjs);
    run(process.execPath, ['use.mjs'], home);
    tool('typescript/bin/tsc', ['-p', home], home);
    const { version } = JSON.parse(readFileSync(join(home, 'node_modules/rxjs/package.json'), 'utf8'));
    console.log(`A consumer with rxjs ${version} alone imports it, and its types hold.`);
  }
});
