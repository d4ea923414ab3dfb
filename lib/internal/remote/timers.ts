import { outsideZones } from './zones.js';

/** The longest delay that a timer takes. With a longer one it fires at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls `task` after so many milliseconds, outside of all zones. After a delay that no timer takes, it is called too early: then
 * the task compares the clock with the time that it waits for, and starts a timer for the rest.
 */
export function startTimer(task: () => void, delay: number): ReturnType<typeof setTimeout> {
  return outsideZones(() => setTimeout(task, Math.min(LONGEST, Math.max(1, Math.ceil(delay)))));
}
