import type { Lane } from './lane';

/** A part of a lane, in percent of its width. */
export interface Stretch {
  readonly left: number;
  readonly width: number;
}

/** The period of time that a board shows. */
export interface Timeline {
  readonly origin: number;
  readonly span: number;
}

const step = 2_000;

/**
 * The timeline of `lanes`. It starts at the first lane, and is long enough for `lanes` and for `other`, which has its own start.
 * It grows in steps, so that the bars do not shrink at each frame.
 */
export function timelineOf(lanes: readonly Lane[], other: readonly Lane[], now: number): Timeline {
  const longest = Math.max(step, duration(lanes, now), duration(other, now));
  return { origin: beginOf(lanes, now), span: Math.ceil(longest / step) * step };
}

function duration(lanes: readonly Lane[], now: number): number {
  return Math.max(0, ...lanes.map((lane) => lane.endedAt ?? now)) - beginOf(lanes, now);
}

function beginOf(lanes: readonly Lane[], now: number): number {
  return lanes.length === 0 ? now : Math.min(...lanes.map((lane) => lane.queuedAt));
}

export function waitingStretch(lane: Lane, timeline: Timeline, now: number): Stretch {
  return stretch(timeline, lane.queuedAt, lane.startedAt ?? lane.endedAt ?? now);
}

export function runningStretch(lane: Lane, timeline: Timeline, now: number): Stretch | null {
  return lane.startedAt === null ? null : stretch(timeline, lane.startedAt, lane.endedAt ?? now);
}

function stretch({ origin, span }: Timeline, from: number, to: number): Stretch {
  return { left: percent(from - origin, span), width: percent(Math.max(0, to - from), span) };
}

function percent(part: number, whole: number): number {
  return Math.round((part / whole) * 10_000) / 100;
}
