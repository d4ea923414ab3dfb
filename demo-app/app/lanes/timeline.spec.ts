import type { Lane } from './lane';
import { runningStretch, timelineOf, waitingStretch } from './timeline';

const waiting: Lane = { id: 1, label: 'a', state: 'waiting', queuedAt: 100, startedAt: null, endedAt: null };
const running: Lane = { ...waiting, state: 'running', startedAt: 600 };
const done: Lane = { ...running, state: 'done', endedAt: 1_100 };
const cancelled: Lane = { ...waiting, state: 'cancelled', endedAt: 350 };

describe('timeline', () => {
  it('spans two seconds if there are no lanes', () => {
    expect(timelineOf([], [], 500)).toEqual({ origin: 500, span: 2_000 });
  });

  it('starts at the first lane and grows in steps of two seconds', () => {
    expect(timelineOf([waiting], [], 2_100)).toEqual({ origin: 100, span: 2_000 });
    expect(timelineOf([waiting], [], 2_101)).toEqual({ origin: 100, span: 4_000 });
  });

  it('stops growing when all lanes have ended', () => {
    expect(timelineOf([done], [], 60_000)).toEqual({ origin: 100, span: 2_000 });
  });

  it('is as long as the timeline of the other board, which started at another time', () => {
    const other = { ...done, queuedAt: 10_000, startedAt: 10_000, endedAt: 15_000 };

    expect(timelineOf([done], [other], 60_000)).toEqual({ origin: 100, span: 6_000 });
  });

  it('draws a wait until now, until the start, or until the cancellation', () => {
    const timeline = { origin: 100, span: 2_000 };

    expect(waitingStretch(waiting, timeline, 1_100)).toEqual({ left: 0, width: 50 });
    expect(waitingStretch(running, timeline, 1_100)).toEqual({ left: 0, width: 25 });
    expect(waitingStretch(cancelled, timeline, 1_100)).toEqual({ left: 0, width: 12.5 });
  });

  it('draws a run until now or until its end, and none before the start', () => {
    const timeline = { origin: 100, span: 2_000 };

    expect(runningStretch(waiting, timeline, 1_100)).toBeNull();
    expect(runningStretch(running, timeline, 700)).toEqual({ left: 25, width: 5 });
    expect(runningStretch(done, timeline, 9_000)).toEqual({ left: 25, width: 25 });
  });

  it('draws a width of zero if the clock is behind the lane', () => {
    expect(waitingStretch(waiting, { origin: 100, span: 2_000 }, 50)).toEqual({ left: 0, width: 0 });
  });
});
