// In Node 24: `node marble-specs/web/threads/raw-threads.mjs` shows that navigator.locks lets two threads in at a time. Each of two threads
// requests one lock ten times, and holds it for three turns. The program counts the rounds in which both were inside.
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const rounds = 40;

/** How many threads are inside, and the most that were. */
const [INSIDE, MOST] = [0, 1];

async function runThread() {
  const { counters, name } = workerData;
  parentPort.on('message', () => undefined); // a thread that only waits for a lock would end
  const section = async () => {
    const inside = Atomics.add(counters, INSIDE, 1) + 1;
    if (inside > 1) Atomics.store(counters, MOST, inside);
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    Atomics.sub(counters, INSIDE, 1);
  };
  await Promise.all(Array.from({ length: 10 }, () => navigator.locks.request(name, section)));
  parentPort.postMessage('done');
}

if (isMainThread) {
  let broken = 0;
  for (let round = 0; round < rounds; round++) {
    const counters = new Int32Array(new SharedArrayBuffer(8));
    const data = { workerData: { counters, name: `round ${round}` } };
    const threads = [1, 2].map(() => new Worker(new URL(import.meta.url), data));
    await Promise.all(threads.map((thread) => once(thread, 'message')));
    await Promise.all(threads.map((thread) => thread.terminate()));
    if (counters[MOST] > 1) broken++;
  }
  console.log(`${process.version}: two threads were inside in ${broken} of ${rounds} rounds`);
} else {
  await runThread();
}
