/** A process that uses the locks, as it is asked. */
import { setImmediate } from 'node:timers/promises';

import { mutexesOf, type Mutex, type Release } from './mutexes.js';
import type { Answer, Ports, Question, Steps, Subject, Tenure } from './protocol.js';

const makers = mutexesOf(JSON.parse(process.argv[2] ?? '') as Ports);
const mutexes = new Map<string, Mutex>();
let held: Release = () => Promise.reject(new Error('nothing was taken'));
let callers: Promise<readonly Tenure[]> = Promise.resolve([]);

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function mutexOf({ kind, name }: Subject): Mutex {
  const key = `${kind} ${name}`;
  const mutex = mutexes.get(key) ?? makers[kind](name);
  mutexes.set(key, mutex);
  return mutex;
}

async function cycleOnce(mutex: Mutex): Promise<void> {
  const release = await mutex.take();
  const answered = release();
  if (answered !== undefined) {
    await answered;
  }
}

/** Stays inside for one turn of the event loop, so that a second holder would be seen. */
async function visit(mutex: Mutex): Promise<Tenure> {
  const release = await mutex.take();
  const toldAt = now();
  await setImmediate();
  const releasedAt = now();
  await release();
  return { toldAt, releasedAt };
}

const steps: Steps = {
  async cycle(subject, times) {
    const mutex = mutexOf(subject);
    await cycleOnce(mutex); // it connects
    const started = now();
    for (let time = 0; time < times; time++) {
      await cycleOnce(mutex);
    }
    return now() - started;
  },
  async take(subject) {
    held = await mutexOf(subject).take();
    return now();
  },
  async release() {
    const releasedAt = now();
    await held();
    return releasedAt;
  },
  async enter(subject, count) {
    const mutex = mutexOf(subject);
    callers = Promise.all(Array.from({ length: count }, () => visit(mutex)));
    await mutex.asked();
  },
  left: () => callers,
  async end() {
    await Promise.all([...mutexes.values()].map((mutex) => mutex.end()));
    mutexes.clear();
  },
};

process.on('message', ({ id, step, args }: Question) => {
  const answer = (given: Omit<Answer, 'id'>): void => {
    process.send?.({ id, ...given } satisfies Answer);
  };
  (steps[step] as (...given: readonly unknown[]) => Promise<unknown>)(...args).then(
    (value) => {
      answer({ value });
    },
    (error: unknown) => {
      answer({ error: String(error) });
    },
  );
});
process.on('disconnect', () => {
  process.exit();
});
