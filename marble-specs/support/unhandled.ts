import { config } from 'rxjs';

/** Calls `run`, whose handlers throw. Returns the errors that RxJS has reported until a turn after `run` is over. */
export async function unhandledDuring(run: () => void | Promise<void>): Promise<unknown[]> {
  const errors: unknown[] = [];
  const before = config.onUnhandledError;
  config.onUnhandledError = (error) => errors.push(error);
  try {
    await run();
    await new Promise((resolve) => setTimeout(resolve));
  } finally {
    config.onUnhandledError = before;
  }
  return errors;
}

/** Calls `run` with RxJS's deprecated synchronous error handling. Returns the error that it threw, if it threw one. */
export function thrownDuring(run: () => void): unknown[] {
  const errors: unknown[] = [];
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- this deprecated mode is tested
  config.useDeprecatedSynchronousErrorHandling = true;
  try {
    run();
  } catch (error) {
    errors.push(error);
  } finally {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
    config.useDeprecatedSynchronousErrorHandling = false;
  }
  return errors;
}
