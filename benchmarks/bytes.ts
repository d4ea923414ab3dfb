/**
 * `node --expose-gc bytes.js async-sema` enqueues waiters that share one handler, and prints how many bytes each waiter holds.
 * Each sample runs in a new process, because a used heap distorts the measurement. `npm run bench -- bytes` starts the processes.
 */
import { kinds, WAITERS } from './cases/bytes.js';
import { must } from './harness/task.js';
import type { WaitQueueKind } from './peers/wait-queues.js';

const [name] = process.argv.slice(2);
const kind = kinds.find((each) => each.name === name);
if (kind === undefined || globalThis.gc === undefined) {
  throw new Error(`no contestant is named ${String(name)}, or --expose-gc is missing`);
}

await bytesPerWaiter(kind, 1_000); // warm-up: compiles the code and creates what a library creates once
console.log(await bytesPerWaiter(kind, WAITERS));
process.exit(); // does not wait until the queue is empty

async function bytesPerWaiter({ create }: WaitQueueKind, count: number): Promise<number> {
  let grants = 0;
  const queue = create(() => {
    grants++;
  });
  const release = await queue.hold();
  const before = await heap();
  for (let i = 0; i < count; i++) {
    queue.enqueue();
  }
  const after = await heap();
  must(grants === 0 && !queue.isFree(), 'not all waiters were enqueued');
  release();
  while (grants < 1_000) {
    await new Promise(setImmediate); // some contestants need seconds to grant all waiters
  }
  return (after - before) / count;
}

/** The bytes in use after all pending tasks and garbage collection. */
async function heap(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise(setImmediate);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}
