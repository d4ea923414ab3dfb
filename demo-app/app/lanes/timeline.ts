import type { Lane } from './lane';

/** A stretch of a lane, in percent of the width. */
export interface Stretch {
  readonly left: number;
  readonly width: number;
}

/** The part of time that a board shows. */
export interface Timeline {
  readonly origin: number;
  readonly span: number;
}

const step = 2_000;

/**
 * Begins with the first lane, and is long enough for the lanes and for those beside them, which begin at a time of their
 * own. It grows by steps, so that the bars hold still in between.
 */
export function timelineOf(lanes: readonly Lane[], beside: readonly Lane[], now: number): Timeline {
  const longest = Math.max(step, duration(lanes, now), duration(beside, now));
  return { origin: beginOf(lanes, now), span: Math.ceil(longest / step) * step };
}

function duration(lanes: readonly Lane[], now: number): number {
  return Math.max(0, ...lanes.map((lane) => lane.endedAt ?? now)) - beginOf(lanes, now);
}

function beginOf(lanes: readonly Lane[], now: number): number {
  return lanes.length === 0 ? now : Math.min(...lanes.map((lane) => lane.queuedAt));
}

export function waitingStretch(lane: Lane, timeline: Timeline, now: number): Stretch {
  return stretch(timeline, lane.queuedAt, lane.enteredAt ?? lane.endedAt ?? now);
}

export function insideStretch(lane: Lane, timeline: Timeline, now: number): Stretch | null {
  return lane.enteredAt === null ? null : stretch(timeline, lane.enteredAt, lane.endedAt ?? now);
}

function stretch({ origin, span }: Timeline, from: number, to: number): Stretch {
  return { left: percent(from - origin, span), width: percent(Math.max(0, to - from), span) };
}

function percent(part: number, whole: number): number {
  return Math.round((part / whole) * 10_000) / 100;
}
