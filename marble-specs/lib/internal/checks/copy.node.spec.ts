import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { of } from 'rxjs';
import * as lib from 'rxjs-locks';
import * as operators from 'rxjs-locks/operators';

import { thisCopy } from '../../../../lib/internal/checks/copy.js';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../../', import.meta.url));

type Library = typeof lib & typeof operators;

const ownCopy: Library = { ...lib, ...operators };

/** A second copy of the library, in CommonJS, with the RxJS of this process. */
async function buildOtherCopy(): Promise<Library> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '../lib/index.js';\nexport * from '../operators/index.js';`, resolveDir: root },
    bundle: true,
    format: 'cjs',
    target: 'es2022',
    external: ['rxjs'],
    write: false,
  });
  const module = { exports: {} };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it runs the code as Node runs a CommonJS module
  const run = new Function('module', 'require', outputFiles[0]?.text ?? '') as (module: object, load: NodeJS.Require) => void;
  run(module, require);
  return module.exports as Library;
}

/** One of each primitive of a copy. TypeScript knows only this copy, so the types are those of its classes. */
function primitivesOf({ Lock, Semaphore, Condition, Event, Barrier, ReadWriteLock, KeyedLock }: Library) {
  return {
    lock: new Lock({ name: 'orders' }),
    semaphore: new Semaphore(1),
    condition: new Condition(),
    event: new Event({ name: 'online' }),
    barrier: new Barrier(2),
    readWriteLock: new ReadWriteLock(),
    keyedLock: new KeyedLock<number>(),
  };
}

const messageFor = (user: string, what: string): string =>
  `${user} cannot use ${what} of another copy of rxjs-locks (version ${thisCopy.version}): ` +
  'keep one copy (npm ls rxjs-locks), in one module format';

const otherCopy = await buildOtherCopy();

describe('Two copies of the library in one process', () => {
  it('have the version of package.json', () => {
    expect(thisCopy.version).toBe((require('../../../../package.json') as { version: string }).version);
  });

  it('mark their objects with a symbol whose name all versions share', () => {
    const marked = new lib.Lock() as unknown as Record<symbol, unknown>;
    expect(marked[Symbol.for('rxjs-locks')]).toBe(thisCopy);
  });

  for (const [name, here, there] of [
    ['the first', ownCopy, otherCopy],
    ['the second', otherCopy, ownCopy],
  ] as const) {
    const { lock, semaphore, condition, event, barrier, readWriteLock, keyedLock } = primitivesOf(there);
    const { trace, withLock, throttleBySemaphore, concatMapByKey, withCondition, waitForEvent, gateByEvent, meetAtBarrier } =
      here;
    const keyOf = (value: number): number => value;

    const calls: readonly (readonly [user: string, what: string, call: () => unknown])[] = [
      ['withLock', 'lock "orders"', () => withLock(lock)],
      ['withLock', 'condition', () => withLock(condition)],
      ['withLock', 'read-write lock for reading', () => withLock(readWriteLock.read)],
      ['withLock', 'read-write lock for writing', () => withLock(readWriteLock.write)],
      ['withLock', 'key 1 of keyed lock', () => withLock(keyedLock.get(1))],
      ['withLock', 'event "online"', () => withLock(event as unknown as lib.Lock)],
      ['throttleBySemaphore', 'semaphore', () => throttleBySemaphore(semaphore)],
      ['throttleBySemaphore', 'lock "orders"', () => throttleBySemaphore(lock, (value) => of(value))],
      ['concatMapByKey', 'keyed lock', () => concatMapByKey(keyOf, (value) => of(value), { locks: keyedLock })],
      ['withCondition', 'condition', () => withCondition(condition, () => true)],
      ['waitForEvent', 'event "online"', () => waitForEvent(event)],
      ['gateByEvent', 'event "online"', () => gateByEvent(event)],
      ['meetAtBarrier', 'barrier', () => meetAtBarrier(barrier)],
      ['a condition', 'lock "orders"', () => new here.Condition(lock)],
      ['trace', 'lock "orders"', () => trace(lock)],
      ['trace', 'condition', () => trace(condition)],
      ['trace', 'semaphore', () => trace(semaphore)],
      ['trace', 'event "online"', () => trace(event)],
      ['trace', 'barrier', () => trace(barrier)],
      ['trace', 'read-write lock', () => trace(readWriteLock)],
      ['trace', 'keyed lock', () => trace(keyedLock)],
    ];

    for (const [user, what, call] of calls) {
      it(`throw a TypeError where ${user} of ${name} is given ${what} of the other`, () => {
        expect(call).toThrowError(TypeError, messageFor(user, what));
      });
    }

    it(`fail the stream where foreign locks give concatMapByKey of ${name} a key of the other`, () => {
      const record: unknown[] = [];
      const locks = { get: (key: number) => keyedLock.get(key) };
      of(1)
        .pipe(concatMapByKey(keyOf, (value) => of(value), { locks }))
        .subscribe({ error: (error: unknown) => record.push(error) });
      expect(record).toEqual([new TypeError(messageFor('concatMapByKey', 'key 1 of keyed lock'))]);
    });

    it(`do not change what ${name} says about its own objects of the wrong kind`, () => {
      const own = primitivesOf(here);
      expect(() => waitForEvent(own.lock as unknown as lib.Event)).toThrowError(
        TypeError,
        'waitForEvent needs an Event of rxjs-locks, but got lock "orders"',
      );
      expect(() => trace(own.readWriteLock.read as unknown as lib.Lock)).toThrowError(
        TypeError,
        'trace needs a primitive, but got read-write lock for reading',
      );
    });
  }
});
