import { config } from 'rxjs';

/** A property of V8: how many frames an error records. */
const errors = Error as { stackTraceLimit?: number };

/**
 * Calls `run` with a function that returns the errors that RxJS has reported since its last call. RxJS reports errors from a
 * timeout, so no real timeout runs meanwhile.
 */
export function withReports<T>(run: (surfaced: () => readonly unknown[]) => T): T {
  const due: (() => void)[] = [];
  const reported: unknown[] = [];
  const { onUnhandledError } = config;
  const { setTimeout } = globalThis;
  const { stackTraceLimit = 0 } = errors;
  config.onUnhandledError = (error) => reported.push(error);
  globalThis.setTimeout = ((report: () => void) => due.push(report)) as unknown as typeof setTimeout;
  errors.stackTraceLimit = 0; // stack traces would take half of the time
  try {
    return run(() => {
      for (const report of due.splice(0)) {
        report();
      }
      return reported.splice(0);
    });
  } finally {
    errors.stackTraceLimit = stackTraceLimit;
    globalThis.setTimeout = setTimeout;
    config.onUnhandledError = onUnhandledError;
  }
}
