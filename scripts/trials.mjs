// What a consumer does with the package: loads it in Node, checks types against it, bundles it, tests with Jest. Each trial
// is for a folder with the packed package in its node_modules, and throws what goes wrong.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

import { npmBeside, root, runBeside, write } from './consumer.mjs';

const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** In each format: the package does what it says, and `import` and `require` give the same objects. */
export const forNode = {
  'use.cjs': `
    const assert = require('node:assert/strict');

    exports.use = async ({ rxjs, locks, operators, testing }) => {
      const { BehaviorSubject, firstValueFrom, of, range, toArray } = rxjs;
      const { Barrier, BoundedSemaphore, Condition, Event, KeyedLock, Lock, ReadWriteLock, Semaphore, trace } = locks;
      const { concatMapByKey, meetAtBarrier, throttleBySemaphore, withLock } = operators;
      const lock = new Lock();
      assert.ok(lock instanceof BehaviorSubject);
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
      const drawn = firstValueFrom(testing.marbleOf(trace(lock)));
      lock.tryAcquire().release();
      assert.match(await drawn, /^1 +-*g$/);
      const byKey = new KeyedLock();
      assert.equal(await byKey.all([1, 2]).run(async () => byKey.keys), 2);
      const inTurn = concatMapByKey((value) => value % 2, (value) => of(value), { locks: byKey });
      assert.deepEqual(await firstValueFrom(range(1, 3).pipe(inTurn, toArray())), [1, 2, 3]);
    };
  `,
  'require.cjs': `
    const [rxjs, locks, operators, testing] = ['rxjs', 'rxjs-locks', 'rxjs-locks/operators', 'rxjs-locks/testing'].map(require);

    require('./use.cjs').use({ rxjs, locks, operators, testing });
  `,
  'import.mjs': `
    import * as rxjs from 'rxjs';
    import * as locks from 'rxjs-locks';
    import * as operators from 'rxjs-locks/operators';
    import * as testing from 'rxjs-locks/testing';
    import { use } from './use.cjs';

    await use({ rxjs, locks, operators, testing });
  `,
  'both.mjs': `
    import assert from 'node:assert/strict';
    import { createRequire } from 'node:module';

    const require = createRequire(import.meta.url);

    for (const entry of ['rxjs-locks', 'rxjs-locks/operators', 'rxjs-locks/testing']) {
      assert.deepEqual({ ...(await import(entry)) }, { ...require(entry) });
    }
    const { Lock } = await import('./node_modules/rxjs-locks/dist/lib/index.js');
    const { withLock } = await import('rxjs-locks/operators');
    assert.throws(() => withLock(new Lock()), /^TypeError: withLock cannot use lock of another copy of rxjs-locks/);
  `,
};

export const formats = ['import', 'require', 'both'];

/** Loads the package in one of the formats. */
export const loadsIn = (format, node, folder) => runBeside(node, [`${format}.${format === 'require' ? 'cjs' : 'mjs'}`], folder);

const used = `
  import { map, of, type BehaviorSubject, type Observable } from 'rxjs';
  import { AsyncEvent, AsyncLock, Condition, KeyedLock, Lock, Semaphore, trace, type Acquirable, type LockState, type Permit } from 'rxjs-locks';
  import { concatMapByKey, throttleBySemaphore, withLock } from 'rxjs-locks/operators';
  import { marbleOf } from 'rxjs-locks/testing';

  export const lock: Lock = new AsyncLock({ name: 'orders' });
  export const state: BehaviorSubject<LockState> = lock;
  export const acquirable: Acquirable = new Condition(lock);
  export const permit: Permit | null = lock.tryAcquire();
  export const inside: Observable<string> = of('x').pipe(withLock(lock, { whenBusy: 'skip' }));
  export const lengths: Observable<number> = of('x').pipe(
    throttleBySemaphore(new Semaphore(2), (value, index) => Promise.resolve(value.length + index)),
  );
  const locks = new KeyedLock<number>();
  export const side: Acquirable = locks.all([1, 2]);
  export const byKey: Observable<string> = of('x').pipe(
    concatMapByKey((value) => value.length, (value, index) => [value.repeat(index)], { locks, keep: 'latest' }),
  );
  export const drawn: Observable<string> = marbleOf(trace(lock));
  export const isLocked: Observable<boolean> = trace(lock).pipe(map(({ state }) => state.locked));
  export const isSet: boolean = new AsyncEvent().isSet();
  // @ts-expect-error: the state changes through the methods alone
  lock.next({ locked: true, waiting: 0 });
  // @ts-expect-error: there is no bound on the wait of a whole stream
  throttleBySemaphore(new Semaphore(2), (value: string) => of(value), { until: of(0) });
`;

/** A lock that a CommonJS file makes is a lock to an ES module. */
const across = `
  import { Condition } from 'rxjs-locks';
  import { lock } from './used.cjs';

  export const condition = new Condition(lock);
`;

const disposing = `
  import { Lock } from 'rxjs-locks';

  export function section(): void {
    using permit = new Lock().tryAcquire();
    permit?.released;
  }
`;

/** What each way of resolving modules is given, and with which `module` it goes. */
const resolutions = {
  // TypeScript before 5.0 knows node10 by this name only.
  node: { module: 'commonjs', files: ['used.ts'] },
  node16: { module: 'node16', files: ['used.cts', 'used.mts', 'across.mts'] },
  nodenext: { module: 'nodenext', files: ['used.cts', 'used.mts', 'across.mts'] },
  bundler: { module: 'esnext', files: ['used.ts'] },
};

const tsconfig = (moduleResolution, { module, files }, compilerOptions) =>
  JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      lib: ['es2022', 'dom'],
      module,
      moduleResolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noPropertyAccessFromIndexSignature: true,
      skipLibCheck: false,
      // TypeScript's own declarations take most of the time; they are checked together with those of the package by `using`.
      skipDefaultLibCheck: true,
      noEmit: true,
      types: [],
      ...compilerOptions,
    },
    files,
  });

export const forTypeScript = {
  'used.ts': used,
  'used.cts': used,
  'used.mts': used,
  'across.mts': across,
  'disposing.ts': disposing,
  ...Object.fromEntries(Object.entries(resolutions).map(([name, each]) => [`tsconfig.${name}.json`, tsconfig(name, each)])),
  'tsconfig.using.json': tsconfig(
    'bundler',
    { module: 'esnext', files: ['disposing.ts'] },
    {
      lib: ['es2022', 'dom', 'esnext.disposable'],
      skipDefaultLibCheck: false,
    },
  ),
};

/** Whether a version knows `bundler` and `using`; TypeScript 4.9 is the oldest that is tried. */
const since = { bundler: 5, using: 5.2 };

export const checksOf = (version) =>
  [...Object.keys(resolutions), 'using'].filter((name) => !(parseFloat(version) < since[name]));

/** Checks types without `skipLibCheck`; `typescript` is the folder of a version. */
export const typesHold = (check, typescript, folder) =>
  runBeside(process.execPath, [join(typescript, 'bin/tsc'), '-p', `tsconfig.${check}.json`], folder);

/** Bundles for the browser what loads RxJS and the package in one format, and refuses a bundle with two copies of either. */
export async function bundlesOnce(format, folder) {
  const names = ['rxjs', 'rxjs-locks', 'rxjs-locks/operators'];
  const load =
    format === 'import'
      ? (name, index) => `export * as m${index} from '${name}';`
      : (name) => `exports['${name}'] = require('${name}');`;
  const { metafile } = await build({
    stdin: { contents: names.map(load).join('\n'), resolveDir: folder },
    absWorkingDir: folder,
    bundle: true,
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  for (const [pattern, what] of [
    [/\/rxjs\/.*\/Observable\.js$/, 'rxjs'],
    [/\/rxjs-locks\/dist\/(?:cjs\/all|lib\/lock)\.js$/, 'rxjs-locks'],
  ]) {
    const copies = Object.keys(metafile.inputs).filter((file) => pattern.test(file));
    if (copies.length !== 1) {
      throw new Error(`a bundle of what is loaded by ${format} has ${copies.length} copies of ${what}: ${copies.join(', ')}`);
    }
  }
}

const jestBody = `
  const record: string[] = [];
  const { BehaviorSubject, of } = rxjs;

  test('a lock is a BehaviorSubject of the one RxJS', () => {
    expect(new locks.Lock()).toBeInstanceOf(BehaviorSubject);
  });

  test('a waiter gets the lock that is released', () => {
    const lock = new locks.Lock();
    const permit = lock.tryAcquire();
    of('inside').pipe(operators.withLock(lock)).subscribe((value) => record.push(value));
    expect(record).toEqual([]);
    permit?.release();
    expect(record).toEqual(['inside']);
  });

  test('a signal aborts a wait, though it lacks throwIfAborted() in older versions of jsdom', async () => {
    const lock = new locks.Lock();
    const abort = new AbortController();
    expect(await lock.run(() => 'inside', { signal: abort.signal })).toBe('inside');
    lock.tryAcquire();
    const running = lock.run(() => 'inside', { signal: abort.signal });
    abort.abort();
    await expect(running).rejects.toBe(abort.signal.reason);
  });

  test('a trace is drawn', () => {
    const lock = new locks.Lock();
    let drawn = '';
    testing.marbleOf(locks.trace(lock)).subscribe((diagram) => (drawn = diagram));
    lock.tryAcquire();
    expect(drawn).toMatch(/^1 +-*g$/);
  });
`;
const modules = { rxjs: 'rxjs', locks: 'rxjs-locks', operators: 'rxjs-locks/operators', testing: 'rxjs-locks/testing' };
const imports = Object.entries(modules).map(([name, from]) => `import * as ${name} from '${from}';`);
const requires = Object.entries(modules).map(([name, from]) => `const ${name} = require('${from}');`);

const inJavaScript = { 'locks.test.js': requires.join('\n') + jestBody.replace(': string[]', '') };
const inTypeScript = { 'locks.test.ts': imports.join('\n') + jestBody };

/** The compiler options of NestJS 10, and of Angular up to 17. */
const commonjs = { target: 'es2022', module: 'commonjs', moduleResolution: 'node', strict: true, types: ['jest'] };

const angular = ['common', 'compiler', 'compiler-cli', 'core', 'platform-browser'].map((name) => `@angular/${name}`);

/** Projects under Jest: what each has installed, its configuration, and its files. Only those of TypeScript need a compiler. */
export const jests = {
  'Jest 30': { install: { jest: '30.5.2' }, files: inJavaScript },
  'Jest 30, jsdom': {
    install: { jest: '30.5.2', 'jest-environment-jsdom': '30.5.2' },
    jest: { testEnvironment: 'jsdom' },
    files: inJavaScript,
  },
  'Jest 29': { install: { jest: '29.6.3' }, files: inJavaScript },
  'Jest 29, jsdom': {
    install: { jest: '29.6.3', 'jest-environment-jsdom': '29.6.3' },
    jest: { testEnvironment: 'jsdom' },
    files: inJavaScript,
  },
  'Jest 30, ts-jest': {
    install: { jest: '30.5.2', 'ts-jest': '29.4.15', typescript: devDependencies.typescript, '@types/jest': '30.0.0' },
    jest: { preset: 'ts-jest' },
    files: { ...inTypeScript, 'tsconfig.json': JSON.stringify({ compilerOptions: commonjs }) },
  },
  'Jest 29, ts-jest': {
    install: { jest: '29.6.3', 'ts-jest': '29.4.15', typescript: '5.4.5', '@types/jest': '29.5.14' },
    jest: { preset: 'ts-jest' },
    files: { ...inTypeScript, 'tsconfig.json': JSON.stringify({ compilerOptions: commonjs }) },
  },
  'Jest 30, jest-preset-angular': {
    install: {
      jest: '30.5.2',
      'jest-environment-jsdom': '30.5.2',
      'jest-preset-angular': '17.0.3',
      jsdom: '26.1.0',
      typescript: devDependencies.typescript,
      '@types/jest': '30.0.0',
      ...Object.fromEntries([...angular, 'tslib', 'zone.js'].map((name) => [name, devDependencies[name]])),
    },
    jest: { preset: 'jest-preset-angular', setupFilesAfterEnv: ['<rootDir>/setup.ts'] },
    files: {
      ...inTypeScript,
      'setup.ts': `import { setupZoneTestEnv } from 'jest-preset-angular/setup-env/zone';\nsetupZoneTestEnv();`,
      'tsconfig.spec.json': JSON.stringify({
        compilerOptions: {
          ...commonjs,
          esModuleInterop: true,
          experimentalDecorators: true,
          importHelpers: true,
          isolatedModules: true,
          module: 'es2022',
          moduleResolution: 'bundler',
        },
      }),
    },
  },
};

/** Installs a project from the npm registry, with the package from its tarball, and runs its tests. */
export async function passesUnder(name, tarball, parent) {
  const { install, jest = {}, files } = jests[name];
  const folder = join(parent, name.replaceAll(/\W+/g, '-'));
  mkdirSync(folder);
  write(folder, {
    ...files,
    'package.json': JSON.stringify({
      private: true,
      dependencies: { rxjs: devDependencies.rxjs, 'rxjs-locks': `file:${tarball}` },
      devDependencies: install,
      jest,
    }),
  });
  await npmBeside(['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--fetch-retries', '1'], folder);
  await runBeside(process.execPath, ['node_modules/jest/bin/jest.js', '--ci'], folder);
}

/** Runs trials, two at a time; says of each whether it passed, and how long it took. */
export async function runTrials(trials) {
  const sum = { passed: 0, failed: 0 };
  const left = trials.values();
  const worker = async () => {
    for (const [name, trial] of left) {
      const started = Date.now();
      let failure;
      try {
        await trial();
        sum.passed++;
      } catch (error) {
        failure = [error.message, error.stdout, error.stderr].filter(Boolean).join('\n');
        sum.failed++;
        process.exitCode = 1;
      }
      console.log(`${failure === undefined ? 'passed' : 'FAILED'}: ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      if (failure !== undefined) console.error(failure);
    }
  };
  await Promise.all([worker(), worker()]);
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
}
