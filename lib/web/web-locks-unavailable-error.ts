import { LocksError } from '../index.js';

/**
 * The platform has no Web Locks, or refused to use them here: an old browser, a page without a secure context, a sandboxed
 * iframe, or a document that is gone.
 */
export class WebLocksUnavailableError extends LocksError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'WebLocksUnavailableError';
  /** The error of the platform, if it gave one. */
  override readonly cause?: unknown;

  // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- its type, for consumers whose `lib` has no `cause` yet
  constructor(message?: string, options?: { readonly cause?: unknown }) {
    super(message, options);
  }
}
