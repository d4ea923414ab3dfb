import type { Case, Contestant } from '../harness/case.js';
import { must, untilFree } from '../harness/task.js';
import { bareObservable, ours, peers, type WaitQueueKind } from '../peers/wait-queues.js';

/** Enqueues `size` waiters behind a holder. Then the holder releases, and each waiter is granted in turn. */
export async function queueAndDrain(create: WaitQueueKind['create'], size: number): Promise<void> {
  let grants = 0;
  let allGranted: () => void = () => undefined;
  const drained = new Promise<void>((resolve) => {
    allGranted = resolve;
  });
  const queue = create(() => {
    if (++grants === size) {
      allGranted();
    }
  });
  const release = await queue.hold();
  for (let i = 0; i < size; i++) {
    queue.enqueue();
  }
  must(grants === 0, 'not all waiters were enqueued');
  release();
  await drained;
  await untilFree(queue);
  must(grants === size, 'a waiter was granted twice');
}

/** Two waiters take turns: each holder enqueues a new waiter before it releases. */
async function pingPong(create: WaitQueueKind['create'], size: number): Promise<void> {
  let grants = 0;
  let enqueued = 2;
  let allGranted: () => void = () => undefined;
  const drained = new Promise<void>((resolve) => {
    allGranted = resolve;
  });
  const queue = create(() => {
    grants++;
    if (enqueued < size) {
      enqueued++;
      queue.enqueue();
    } else if (grants === size) {
      allGranted();
    }
  });
  const release = await queue.hold();
  queue.enqueue();
  queue.enqueue();
  must(grants === 0, 'not both waiters were enqueued');
  release();
  await drained;
  await untilFree(queue);
  must(grants === size, 'a waiter was granted twice');
}

/** Makes a contestant of each queue. */
export function contestants(kinds: readonly WaitQueueKind[], run: typeof queueAndDrain = queueAndDrain): Contestant[] {
  return kinds.map(({ name, role, without, atMost, longest, create }) => ({
    name,
    role,
    without,
    atMost,
    longest,
    run: (size: number) => run(create, size),
  }));
}

export const cases: readonly Case[] = [
  {
    name: 'queue and drain',
    sizes: [1_000, 10_000, 100_000],
    of: 'waiters',
    perSample: 100_000,
    growth: { atMost: 4, orAsPeers: true },
    contestants: contestants([ours, ...peers, bareObservable]),
  },
  {
    name: 'ping-pong between two',
    sizes: [10_000],
    of: 'turns',
    perSample: 100_000,
    contestants: contestants([ours, ...peers], pingPong).map((each) => ({ ...each, longest: undefined })), // the queue is short
  },
];
