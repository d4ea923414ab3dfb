import { holdDeliveries, resumeDeliveries } from './delivery.js';

/** How a task or a primitive ended: with an error, or without. */
export interface Ending {
  readonly failed: boolean;
  readonly error: unknown;
}

// Stryker disable next-line ObjectLiteral: undefined is as good as false
export const COMPLETED: Ending = { failed: false, error: undefined };

export function failedWith(error: unknown): Ending {
  return { failed: true, error };
}

/** What can end: a task, or the stream of an operator. */
export interface Finishing {
  /** Tears everything down, and commits and appends the releases. */
  tearDown(): void;
  /** Notifies downstream how it ended. */
  notifyDownstream(ending: Ending): void;
}

/** Tears everything down, then notifies downstream, and only then wakes the waiters that can go because of it. */
export function finish(over: Finishing, ending: Ending): void {
  const held = holdDeliveries();
  try {
    over.tearDown();
  } finally {
    try {
      over.notifyDownstream(ending);
    } finally {
      resumeDeliveries(held);
    }
  }
}
