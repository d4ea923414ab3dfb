import { LocksError } from '../index.js';

/** A request waited for a refresh, and meanwhile the user logged out, or another user logged in. The request was not sent. */
export class SessionChangedError extends LocksError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'SessionChangedError';
}
