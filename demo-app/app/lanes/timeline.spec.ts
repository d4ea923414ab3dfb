import type { Lane } from './lane';
import { insideStretch, timelineOf, waitingStretch } from './timeline';

const waiting: Lane = { id: 1, label: 'a', state: 'waiting', queuedAt: 100, enteredAt: null, endedAt: null };
const inside: Lane = { ...waiting, state: 'inside', enteredAt: 600 };
const done: Lane = { ...inside, state: 'done', endedAt: 1_100 };
const cancelled: Lane = { ...waiting, state: 'cancelled', endedAt: 350 };

describe('timeline', () => {
  it('spans two seconds where nothing is to be drawn', () => {
    expect(timelineOf([], [], 500)).toEqual({ origin: 500, span: 2_000 });
  });

  it('begins with the first lane and grows by two seconds at a time', () => {
    expect(timelineOf([waiting], [], 2_100)).toEqual({ origin: 100, span: 2_000 });
    expect(timelineOf([waiting], [], 2_101)).toEqual({ origin: 100, span: 4_000 });
  });

  it('holds still when all have ended', () => {
    expect(timelineOf([done], [], 60_000)).toEqual({ origin: 100, span: 2_000 });
  });

  it('is as long as that of the lanes beside it, which began at another time', () => {
    const beside = { ...done, queuedAt: 10_000, enteredAt: 10_000, endedAt: 15_000 };

    expect(timelineOf([done], [beside], 60_000)).toEqual({ origin: 100, span: 6_000 });
  });

  it('draws a wait until now, until the entry, or until it was given up', () => {
    const timeline = { origin: 100, span: 2_000 };

    expect(waitingStretch(waiting, timeline, 1_100)).toEqual({ left: 0, width: 50 });
    expect(waitingStretch(inside, timeline, 1_100)).toEqual({ left: 0, width: 25 });
    expect(waitingStretch(cancelled, timeline, 1_100)).toEqual({ left: 0, width: 12.5 });
  });

  it('draws the stay inside until now or until its end, and none without an entry', () => {
    const timeline = { origin: 100, span: 2_000 };

    expect(insideStretch(waiting, timeline, 1_100)).toBeNull();
    expect(insideStretch(inside, timeline, 700)).toEqual({ left: 25, width: 5 });
    expect(insideStretch(done, timeline, 9_000)).toEqual({ left: 25, width: 25 });
  });

  it('draws nothing of negative width when the clock is behind the lane', () => {
    expect(waitingStretch(waiting, { origin: 100, span: 2_000 }, 50)).toEqual({ left: 0, width: 0 });
  });
});
