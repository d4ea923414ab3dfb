import { report, runIn, type Context } from '../delivery/delivery.js';

/**
 * Runs `task`, which tells something to the code of a caller, in the context of the caller. `broken` gets the error of a context that
 * does not run it. What the code of the caller throws is reported, since it must not reach the code of the library.
 */
export function tell(context: Context | undefined, task: () => void, broken: (error: unknown) => void): void {
  try {
    runIn(context, task, broken);
  } catch (error) {
    report(error);
  }
}
