import { signal } from '@angular/core';
import { EMPTY, map, merge } from 'rxjs';
import { type AcquireOptions, trace } from 'rxjs-locks';

import type { Board } from './board';
import { meet, start } from './boards/barrier';
import barrierSource from './boards/barrier.ts?source' with { loader: 'text' };
import { changed, items, put, take } from './boards/condition';
import conditionSource from './boards/condition.ts?source' with { loader: 'text' };
import { heavy, resize, slots, task, urgent } from './boards/priorities';
import prioritiesSource from './boards/priorities.ts?source' with { loader: 'text' };
import { read, settings, write } from './boards/read-write';
import readWriteSource from './boards/read-write.ts?source' with { loader: 'text' };

const permits = { queued: 'waits in the queue', holding: 'holds a permit' };

const condition: Board = {
  id: 'condition',
  name: 'Condition',
  hint: 'The buffer has room for three items. Add consumers first: they sleep until something is put. Then add more producers than there is room for, and cancel one that waits.',
  source: conditionSource,
  kinds: [
    { name: 'producer', button: 'Add a producer', visit: put },
    { name: 'consumer', button: 'Add a consumer', visit: take },
  ],
  actions: [],
  primitives: [
    {
      name: 'buffer',
      state: merge(changed, changed.lock).pipe(map(() => ({ items: items.length, room: 3 - items.length }))),
      steps: EMPTY,
    },
    { name: String(changed), state: changed, steps: trace(changed) },
    { name: String(changed.lock), state: changed.lock, steps: trace(changed.lock) },
  ],
  words: { queued: 'waits', holding: 'inside' },
  legend: { queued: 'waits: asleep, or for the lock', holding: 'holds the lock' },
  script: [
    { after: 0, add: 'consumer' },
    { after: 200, add: 'consumer' },
    { after: 500, add: 'producer' },
    { after: 200, add: 'producer' },
    { after: 1_000, add: 'producer' },
    { after: 0, add: 'producer' },
    { after: 0, add: 'producer' },
    { after: 0, add: 'producer' },
    { after: 2_000, cancel: 'producer 8' },
    { after: 300, add: 'consumer' },
  ],
  reset: () => {
    items.length = 0;
  },
};

const readWrite: Board = {
  id: 'read-write',
  name: 'Readers and a writer',
  hint: 'Readers enter together. Add a writer while they read, and then another reader: it waits behind the writer, so no writer starves. Cancel the writer, and the reader enters at once.',
  source: readWriteSource,
  kinds: [
    { name: 'reader', button: 'Add a reader', visit: read },
    { name: 'writer', button: 'Add a writer', visit: write },
  ],
  actions: [],
  primitives: [{ name: String(settings), state: settings, steps: trace(settings) }],
  words: { holding: 'inside' },
  legend: permits,
  script: [
    { after: 0, add: 'reader' },
    { after: 150, add: 'reader' },
    { after: 150, add: 'writer' },
    { after: 150, add: 'reader' },
    { after: 150, add: 'reader' },
    { after: 1_500, add: 'writer' },
    { after: 150, add: 'reader' },
    { after: 250, cancel: 'writer 6' },
  ],
  reset: () => undefined,
};

const barrier: Board = {
  id: 'barrier',
  name: 'Barrier',
  hint: 'Three parties meet, and go on together. Add two and cancel one: the other one waits on. Abort, and all who wait fail, as does everyone who comes later, until you reset it.',
  source: barrierSource,
  kinds: [{ name: 'party', button: 'Add a party', visit: meet }],
  actions: [
    {
      button: 'Abort',
      do: (): void => {
        start.abort();
      },
    },
    {
      button: 'Reset',
      do: (): void => {
        start.reset();
      },
    },
  ],
  primitives: [{ name: String(start), state: start, steps: trace(start) }],
  words: { queued: 'waits for the others', holding: 'works' },
  legend: { queued: 'waits for the others', holding: 'works' },
  script: [
    { after: 0, add: 'party' },
    { after: 300, add: 'party' },
    { after: 500, add: 'party' },
    { after: 600, add: 'party' },
    { after: 300, cancel: 'party 4' },
    { after: 200, add: 'party' },
    { after: 200, add: 'party' },
    { after: 400, press: 'Abort' },
    { after: 300, add: 'party' },
    { after: 300, press: 'Reset' },
    { after: 200, add: 'party' },
    { after: 100, add: 'party' },
    { after: 100, add: 'party' },
  ],
  reset: () => {
    start.reset();
  },
};

/** What the tasks want, for a spec: as in boards/priorities.ts. */
const demands: Readonly<Record<string, AcquireOptions>> = { heavy: { weight: 3 }, urgent: { priority: 1 } };
const demandOf = (label: string): AcquireOptions => demands[label.split(' ')[0] ?? ''] ?? {};
const bound = signal(slots.bound);
const turn = (value: number): void => {
  resize(value);
  bound.set(value);
};

const priorities: Board = {
  id: 'priorities',
  name: 'Priorities and weights',
  hint: 'Four slots. A heavy task takes three, and lighter ones do not overtake it while it waits. An urgent one goes before all that wait. Turn the slots to 0: a pause.',
  source: prioritiesSource,
  kinds: [
    { name: 'task', button: 'Add a task', visit: task },
    { name: 'heavy', button: 'Add a heavy task', visit: heavy },
    { name: 'urgent', button: 'Add an urgent task', visit: urgent },
  ],
  actions: [],
  dial: { label: 'Slots', max: 8, value: bound.asReadonly(), set: turn },
  primitives: [{ name: String(slots), state: slots, steps: trace(slots), demandOf }],
  words: { holding: 'runs' },
  legend: permits,
  script: [
    { after: 0, add: 'task' },
    { after: 100, add: 'task' },
    { after: 100, add: 'heavy' },
    { after: 100, add: 'task' },
    { after: 100, add: 'task' },
    { after: 300, add: 'urgent' },
    { after: 900, turn: 0 },
    { after: 900, add: 'task' },
    { after: 0, add: 'urgent' },
    { after: 500, turn: 5 },
    { after: 100, add: 'task' },
  ],
  reset: () => {
    turn(4);
  },
};

export const boards: readonly [Board, ...Board[]] = [condition, readWrite, barrier, priorities];
