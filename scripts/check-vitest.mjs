// Uses the package in a project under Vitest, installed from the npm registry: its fake timers, and a TestScheduler.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { inFolder, npm, pack, root, run, write } from './consumer.mjs';

const { devDependencies, overrides } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const consumer = (tarball) => ({
  'package.json': JSON.stringify({
    private: true,
    type: 'module',
    dependencies: { rxjs: devDependencies.rxjs, 'rxjs-locks': `file:${tarball}` },
    devDependencies: { vite: '7.3.1', vitest: '3.2.7' },
    overrides: { rollup: overrides.rollup },
  }),
  'locks.spec.ts': `
    import { map, of, timer, toArray } from 'rxjs';
    import { Lock, Semaphore } from 'rxjs-locks';
    import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';
    import { TestScheduler } from 'rxjs/testing';
    import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

    describe('With the fake timers of Vitest,', () => {
      beforeEach(() => {
        vi.useFakeTimers();
      });

      afterEach(() => {
        expect(vi.getTimerCount()).toBe(0);
        vi.useRealTimers();
      });

      it('a Lock is handed over inside release()', () => {
        const lock = new Lock();
        const record: string[] = [];
        lock.acquire().subscribe((permit) => timer(5).subscribe(() => {
          permit.release();
          record.push('released');
        }));
        lock.acquire().subscribe(() => record.push('second'));
        vi.advanceTimersByTime(4);
        expect(record).toEqual([]);
        vi.advanceTimersByTime(1);
        expect(record).toEqual(['second', 'released']);
        expect(lock.value).toEqual({ locked: true, waiting: 0 });
      });

      it('withLock runs one source after another', () => {
        const lock = new Lock();
        const record: string[] = [];
        const work = (name: string, time: number) => timer(time).pipe(map(() => name), withLock(lock));
        work('slow', 20).subscribe((name) => record.push(name));
        work('quick', 5).subscribe((name) => record.push(name));
        vi.advanceTimersByTime(19);
        expect(record).toEqual([]);
        vi.advanceTimersByTime(1);
        expect(record).toEqual(['slow']);
        vi.advanceTimersByTime(5);
        expect(record).toEqual(['slow', 'quick']);
      });

      it('throttleBySemaphore runs two at a time', () => {
        let most = 0;
        let running = 0;
        let doubles: number[] = [];
        of(1, 2, 3, 4, 5).pipe(
          throttleBySemaphore(new Semaphore(2), (value) => {
            most = Math.max(most, ++running);
            return timer(10).pipe(map(() => {
              running--;
              return value * 2;
            }));
          }),
          toArray(),
        ).subscribe((values) => (doubles = values));
        vi.advanceTimersByTime(29);
        expect(doubles).toEqual([]);
        vi.advanceTimersByTime(1);
        expect(doubles).toEqual([2, 4, 6, 8, 10]);
        expect(most).toBe(2);
      });

      it('run() settles for async functions', async () => {
        const lock = new Lock();
        const slow = lock.run(() => new Promise((resolve) => setTimeout(resolve, 10, 'slow')));
        const quick = lock.run(async () => 'quick');
        await vi.advanceTimersByTimeAsync(10);
        expect(await Promise.all([slow, quick])).toEqual(['slow', 'quick']);
        expect(lock.locked()).toBe(false);
      });
    });

    describe('With a TestScheduler in Vitest,', () => {
      const scheduler = () => new TestScheduler((actual, expected) => {
        expect(actual).toEqual(expected);
      });

      it('withLock runs one source after another', () => {
        expect.hasAssertions();
        scheduler().run(({ cold, expectObservable }) => {
          const lock = new Lock();
          const first = cold('  --a--b--|     ');
          const second = cold('         --c--|');
          const expected1 = '   --a--b--|     ';
          const expected2 = '   ----------c--|';
          expectObservable(first.pipe(withLock(lock))).toBe(expected1);
          expectObservable(second.pipe(withLock(lock))).toBe(expected2);
        });
      });

      it('throttleBySemaphore runs two at a time', () => {
        expect.hasAssertions();
        scheduler().run(({ cold, expectObservable }) => {
          const source = cold('  abc|             ');
          const expected = '     ----(ab)-----(c|)';
          const work = (value: string) => timer(value === 'a' ? 4 : value === 'b' ? 3 : 9).pipe(map(() => value));
          expectObservable(source.pipe(throttleBySemaphore(new Semaphore(2), work))).toBe(expected);
        });
      });
    });
  `,
});

await inFolder((folder) => {
  const { tarball } = pack(folder);
  write(folder, consumer(tarball));
  npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries', '1', '--fetch-timeout', '60000'], folder);
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  let report;
  try {
    report = run(process.execPath, [vitest, 'run', '--reporter', 'json'], folder);
  } catch (error) {
    // With specs that failed it reports all the same.
    if (!error.stdout?.startsWith('{')) throw error;
    report = error.stdout;
    process.exitCode = 1;
  }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(report);
  for (const { message, assertionResults } of testResults) {
    if (message) console.error(message);
    for (const { fullName, status, failureMessages } of assertionResults) {
      console.log(`${status}: ${fullName}`);
      for (const each of failureMessages) console.error(each);
    }
  }
  console.log(`${numPassedTests} passed, ${numFailedTests} failed`);
});
