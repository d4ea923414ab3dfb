import type { TracedStep } from '../../run/recording';

/** A frame of a diagram in milliseconds of the run: short enough to tell steps apart, and long enough for a readable line. */
const frame = 20;

/** The frame of a step, counted from the first step of the run. */
export function frameOf({ at }: TracedStep, [first]: readonly TracedStep[]): number {
  return Math.max(0, Math.round((at - (first?.at ?? at)) / frame));
}
