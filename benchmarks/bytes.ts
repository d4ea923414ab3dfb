/**
 * `node --expose-gc bytes.js async-sema` parks waiters who all have the same handler, and prints how many bytes each of them
 * holds. In a process of its own, since heaps have a history; `npm run bench -- bytes` starts it.
 */
import { kinds, WAITERS } from './cases/bytes.js';
import { must } from './harness/work.js';
import type { DoorKind } from './peers/doors.js';

const [name] = process.argv.slice(2);
const kind = kinds.find((each) => each.name === name);
if (kind === undefined || globalThis.gc === undefined) {
  throw new Error(`nobody is called ${String(name)}, or --expose-gc is missing`);
}

await park(kind, 1_000); // what is there before anybody waits: compiled code, and what a library makes once
console.log(await park(kind, WAITERS));
process.exit(); // nobody waits for those who are still in line

async function park({ open }: DoorKind, count: number): Promise<number> {
  let visits = 0;
  const door = open(() => {
    visits++;
  });
  const go = await door.hold();
  const before = await heap();
  for (let i = 0; i < count; i++) {
    door.join();
  }
  const after = await heap();
  must(visits === 0 && !door.isFree(), 'not everyone was in line');
  go();
  while (visits < 1_000) {
    await new Promise(setImmediate); // some take seconds for all
  }
  return (after - before) / count;
}

/** The bytes in use when there is nothing left to do, and to collect. */
async function heap(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise(setImmediate);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}
