import { config } from 'rxjs';

/** Runs something that throws in handlers; returns what RxJS reported of it. */
export async function unhandledDuring(run: () => void): Promise<unknown[]> {
  const errors: unknown[] = [];
  const before = config.onUnhandledError;
  config.onUnhandledError = (error) => errors.push(error);
  try {
    run();
    await new Promise((resolve) => setTimeout(resolve));
  } finally {
    config.onUnhandledError = before;
  }
  return errors;
}

/** Runs something with RxJS's deprecated synchronous error handling; returns what was thrown out of it. */
export function thrownDuring(run: () => void): unknown[] {
  const errors: unknown[] = [];
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- this deprecated mode is what is tested
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
