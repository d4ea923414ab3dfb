// Packs the package as npm would publish it, and uses the tarball as a consumer does, with rxjs alone beside it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rxjs-locks-package-'));

const run = (command, args, cwd = root) => execFileSync(command, args, { cwd, encoding: 'utf8' });
const tool = (name, ...args) => run(process.execPath, [join(root, 'node_modules', ...name.split('/')), ...args]);

const consumer = {
  'package.json': JSON.stringify({ type: 'module' }),
  'use.mjs': `
    import assert from 'node:assert/strict';
    import { firstValueFrom, of, range, toArray } from 'rxjs';
    import { BoundedSemaphore, Condition, Event, Lock, Semaphore } from 'rxjs-locks';
    import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';

    const lock = new Lock();
    assert.equal(await firstValueFrom(of('inside').pipe(withLock(lock))), 'inside');
    assert.equal(await lock.run(async () => 'run'), 'run');
    assert.deepEqual(lock.value, { locked: false, waiting: 0 });
    const double = throttleBySemaphore(new Semaphore(2), (value) => of(value * 2));
    assert.deepEqual(await firstValueFrom(range(1, 3).pipe(double, toArray())), [2, 4, 6]);
    assert.throws(() => new BoundedSemaphore(1).release(), RangeError);
    assert.equal(new Event().isSet(), false);
    assert.equal(new Condition().locked(), false);
  `,
  'use.ts': `
    import { of, type BehaviorSubject, type Observable } from 'rxjs';
    import { AsyncEvent, AsyncLock, Condition, Lock, Semaphore, type Acquirable, type LockState, type Permit } from 'rxjs-locks';
    import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';

    const lock: Lock = new AsyncLock({ name: 'orders' });
    export const state: BehaviorSubject<LockState> = lock;
    export const acquirable: Acquirable = new Condition(lock);
    export const permit: Permit | null = lock.tryAcquire();
    export const inside: Observable<string> = of('x').pipe(withLock(lock, { whenBusy: 'skip' }));
    export const lengths: Observable<number> = of('x').pipe(
      throttleBySemaphore(new Semaphore(2), (value, index) => Promise.resolve(value.length + index)),
    );
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

try {
  const [{ filename, files }] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]));
  const tarball = join(folder, filename);
  console.log(`${filename}: ${files.length} files`);
  console.log(tool('publint/src/cli.js', 'run', tarball, '--strict'));
  console.log(tool('@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'esm-only'));

  const modules = join(folder, 'node_modules');
  for (const name of ['rxjs', 'tslib']) {
    cpSync(join(root, 'node_modules', name), join(modules, name), { recursive: true });
  }
  mkdirSync(join(modules, 'rxjs-locks'));
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, 'rxjs-locks')]);
  for (const [name, text] of Object.entries(consumer)) {
    writeFileSync(join(folder, name), text);
  }
  run(process.execPath, ['use.mjs'], folder);
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], folder);
  console.log('A consumer with rxjs alone imports it, and its types hold.');
} catch (error) {
  console.error(error.stdout ?? '', error.stderr ?? '', error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
