import { checkOptions } from '../internal/checks/arguments.js';
import { WebLock, type WebLockOptions } from './web-lock.js';

/**
 * Lets many readers hold the lock at a time, or one writer, over all tabs, iframes and workers of an origin. Its two sides are
 * {@link WebLock}s of one name: `withLock(lock.read)`, `withLock(lock.write)`.
 *
 * **Order.** First come, first served: a reader waits behind a waiting writer. If that writer leaves, the platform lets the readers
 * behind it wait until the next release (Chrome 156, Node 24).
 *
 * **Not there.** A writer cannot become a reader without a gap, since the platform knows no such step.
 *
 * @example
 * const schema = new WebReadWriteLock('schema');
 * const work = schema.read.use(() => of('reads and writes rows'));
 * const migrate = schema.write.use(() => of('changes tables, while all others wait'));
 *
 * migrate.pipe(concatWith(work)).subscribe(console.log);
 *
 * @see {@link ReadWriteLock} within one tab.
 */
export class WebReadWriteLock {
  /** The side for readers: a web lock in shared mode. */
  readonly read: WebLock;
  /** The side for writers: a web lock in exclusive mode. */
  readonly write: WebLock;

  /** @throws as {@link WebLock}. */
  constructor(name: string, options: Omit<WebLockOptions, 'mode'> = {}) {
    checkOptions('WebReadWriteLock', options, ['timeout', 'fallback']);
    this.read = new WebLock(name, { ...options, mode: 'shared' });
    this.write = new WebLock(name, { ...options, mode: 'exclusive' });
  }
}
