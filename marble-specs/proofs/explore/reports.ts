import { config } from 'rxjs';

/** As V8 has it: how many frames an error remembers. */
const errors = Error as { stackTraceLimit?: number };

/**
 * Runs something, and lets it ask at any moment which errors RxJS has reported since it asked last. RxJS reports from a
 * timeout, so that none is let run while it lasts.
 */
export function withReports<T>(run: (surfaced: () => readonly unknown[]) => T): T {
  const due: (() => void)[] = [];
  const reported: unknown[] = [];
  const { onUnhandledError } = config;
  const { setTimeout } = globalThis;
  const { stackTraceLimit = 0 } = errors;
  config.onUnhandledError = (error) => reported.push(error);
  globalThis.setTimeout = ((report: () => void) => due.push(report)) as unknown as typeof setTimeout;
  errors.stackTraceLimit = 0; // else half of the time goes there
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
