// Bundles one export at a time, and fails where a bundle holds a class of another primitive or operator that it has no use for.
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';

import { root } from './consumer.mjs';

/** What must be in the bundle of an export, of all that could be; whatever else is found there is dead weight. */
const needed = {
  Barrier: ['Barrier'],
  Lock: ['Lock'],
  Semaphore: ['PriorityQueue', 'Semaphore', 'SortedMap'],
  BoundedSemaphore: ['BoundedSemaphore', 'PriorityQueue', 'Semaphore', 'SortedMap', 'WeighedQueue'],
  Event: ['Event'],
  Condition: ['Condition', 'ConditionWait', 'Lock'],
  KeyedLock: ['KeyedLock', 'KeyLines', 'KeySeat', 'Side', 'Ticket'],
  ReadWriteLock: ['LockEntrance', 'ReadEntrance', 'ReadWriteLock', 'Side', 'WriteEntrance'],
  trace: ['Places', 'SortedMap', 'Tracing'],
  withLock: ['ForeignHome'],
  throttleBySemaphore: ['ForeignHome', 'Throttle', 'Works'],
  concatMapByKey: ['ByKey', 'ForeignHome', 'KeyLines', 'KeySeat', 'KeyWork', 'KeyedLock', 'Side', 'Ticket', 'Works'],
  withCondition: ['Condition', 'ConditionSection', 'ConditionWait', 'Lock'],
  waitForEvent: ['Event'],
  gateByEvent: ['Event', 'Gate'],
  meetAtBarrier: ['Barrier', 'OneAtATime'],
  exhaustMapLatest: ['OneAtATime'],
};
const inLib = new Set(Object.keys(await import(pathToFileURL(`${root}/dist/lib/index.js`).href)));
const known = [...new Set(Object.values(needed).flat())].sort();

async function classesFor(name) {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${name} } from './dist/${inLib.has(name) ? 'lib' : 'operators'}/index.js';`,
      resolveDir: root,
    },
    bundle: true,
    format: 'esm',
    external: ['rxjs'],
    treeShaking: true,
    write: false,
  });
  return known.filter((each) => new RegExp(`\\bclass _?${each}\\b|\\b${each} = class\\b`).test(outputFiles[0].text));
}

let failed = 0;
for (const [name, expected] of Object.entries(needed)) {
  const found = await classesFor(name);
  const [extra, missing] = [found.filter((each) => !expected.includes(each)), expected.filter((each) => !found.includes(each))];
  const isRight = extra.length === 0 && missing.length === 0;
  failed += isRight ? 0 : 1;
  console.log(
    `${isRight ? 'passed' : 'FAILED'}: ${name} brings ${found.join(', ')}${isRight ? '' : `; expected ${expected.join(', ')}`}`,
  );
}
console.log(`${Object.keys(needed).length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
