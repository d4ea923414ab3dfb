// Bundles one export at a time: a bundle must hold only those classes of primitives and operators that the export uses.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { build } from 'esbuild';

import * as lib from '../dist/lib/index.js';

/** What the bundle of each export holds, of all classes that are named here. */
const needed = {
  Barrier: ['Barrier'],
  Lock: ['Lock'],
  Semaphore: ['PriorityQueue', 'Semaphore', 'SortedMap'],
  BoundedSemaphore: ['BoundedSemaphore', 'PriorityQueue', 'Semaphore', 'SortedMap', 'WeighedQueue'],
  Event: ['Event'],
  Condition: ['Condition', 'ConditionWait', 'Lock'],
  KeyedLock: ['KeyedLock', 'KeyQueues', 'KeyRequest', 'KeyState', 'Side', 'Ticket'],
  ReadWriteLock: ['LockResource', 'ReadResource', 'ReadWriteLock', 'Side', 'WriteResource'],
  trace: ['Positions', 'SortedMap', 'Tracing'],
  withLock: ['ForeignResource'],
  throttleBySemaphore: ['ForeignResource', 'ManyAtATime', 'Throttle'],
  concatMapByKey: [
    'ByKey',
    'ForeignResource',
    'KeyQueues',
    'KeyRequest',
    'KeyState',
    'KeyTask',
    'KeyedLock',
    'ManyAtATime',
    'Side',
    'Ticket',
  ],
  withCondition: ['Condition', 'ConditionSection', 'ConditionWait', 'Lock'],
  waitForEvent: ['Event'],
  gateByEvent: ['Event', 'Gate'],
  meetAtBarrier: ['Barrier', 'OneAtATime'],
  exhaustMapLatest: ['OneAtATime'],
};
const known = [...new Set(Object.values(needed).flat())].sort();

/** The text of a bundle that exports one name. */
async function bundleOf(name) {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${name} } from './dist/${name in lib ? 'lib' : 'operators'}/index.js';`, resolveDir: '.' },
    bundle: true,
    format: 'esm',
    external: ['rxjs'],
    treeShaking: true,
    write: false,
  });
  return outputFiles[0].text;
}

for (const [name, classes] of Object.entries(needed)) {
  test(`${name} brings ${classes.join(', ')}`, async () => {
    const text = await bundleOf(name);
    const found = known.filter((each) => new RegExp(`\\bclass _?${each}\\b|\\b${each} = class\\b`).test(text));
    assert.deepEqual(found, classes.toSorted());
  });
}

test('Lock brings no word of navigator', async () => {
  const text = await bundleOf('Lock');
  assert.ok(!text.includes('navigator'));
});
