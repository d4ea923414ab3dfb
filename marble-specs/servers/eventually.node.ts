import { setTimeout } from 'node:timers/promises';

/** Waits until a condition holds. It never looks at a clock: a condition that never holds is the time limit of the spec. */
export async function eventually(condition: () => unknown): Promise<void> {
  while (!(await condition())) {
    await setTimeout(5);
  }
}

/** Blocks the thread until the clock of the process has passed `time`: what a long computation does. */
export function blockUntil(time: number): void {
  while (performance.now() < time) {
    // Nothing else runs meanwhile.
  }
}
