import type { Case, Contestant } from '../harness/case.js';
import { must, untilFree } from '../harness/work.js';
import { bareObservable, ours, peers, type DoorKind } from '../peers/doors.js';

/** Lets `size` wait in line behind one who is inside; then that one leaves, and all go in, one after another. */
export async function queueAndDrain(open: DoorKind['open'], size: number): Promise<void> {
  let visits = 0;
  let allWereIn: () => void = () => undefined;
  const drained = new Promise<void>((resolve) => {
    allWereIn = resolve;
  });
  const door = open(() => {
    if (++visits === size) {
      allWereIn();
    }
  });
  const go = await door.hold();
  for (let i = 0; i < size; i++) {
    door.join();
  }
  must(visits === 0, 'not everyone was in line');
  go();
  await drained;
  await untilFree(door);
  must(visits === size, 'somebody was let in twice');
}

/** Two who take turns: whoever is inside joins the line again, and leaves. */
async function pingPong(open: DoorKind['open'], size: number): Promise<void> {
  let visits = 0;
  let joined = 2;
  let allWereIn: () => void = () => undefined;
  const drained = new Promise<void>((resolve) => {
    allWereIn = resolve;
  });
  const door = open(() => {
    visits++;
    if (joined < size) {
      joined++;
      door.join();
    } else if (visits === size) {
      allWereIn();
    }
  });
  const go = await door.hold();
  door.join();
  door.join();
  must(visits === 0, 'not both were in line');
  go();
  await drained;
  await untilFree(door);
  must(visits === size, 'somebody was let in twice');
}

/** Doors as contestants. */
export function contestants(kinds: readonly DoorKind[], run: typeof queueAndDrain = queueAndDrain): Contestant[] {
  return kinds.map(({ name, role, without, atMost, longest, open }) => ({
    name,
    role,
    without,
    atMost,
    longest,
    run: (size: number) => run(open, size),
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
    contestants: contestants([ours, ...peers], pingPong).map((each) => ({ ...each, longest: undefined })), // the line is short
  },
];
