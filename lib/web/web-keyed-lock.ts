import { shown } from '../internal/checks/shown.js';
import { checkWebName } from './internal/arguments.js';
import { WebLock, type WebLockOptions } from './web-lock.js';

/**
 * A lock for each key, over all tabs, iframes and workers of an origin. The lock of a key is the {@link WebLock} whose name is the
 * prefix, a colon and the key. So it needs no memory, and other programs can use the same names.
 *
 * **Several keys.** There is no `all()`, because the platform grants one name at a time. Acquire them one inside the other, in a
 * sorted order in all tabs: otherwise two tabs can wait for each other.
 *
 * @example
 * const documents = new WebKeyedLock('document');
 *
 * of({ id: '7', text: 'a' })
 *   .pipe(concatMapByKey(({ id }) => id, ({ text }) => of(`saved ${text}`), { locks: documents }))
 *   .subscribe(console.log);
 *
 * @see {@link KeyedLock} within one tab.
 */
export class WebKeyedLock {
  /** What the names of its locks begin with. */
  readonly prefix: string;
  private readonly options: WebLockOptions | undefined;

  /** @throws as {@link WebLock}. */
  constructor(prefix: string, options?: WebLockOptions) {
    checkWebName('the prefix of a web keyed lock', prefix);
    new WebLock(prefix, options); // refuses malformed options
    this.prefix = prefix;
    this.options = options === undefined ? undefined : { ...options };
  }

  /**
   * Returns the lock of a key. Each call returns a new object for the same lock.
   *
   * @throws TypeError for a key that is no string.
   */
  get(key: string): WebLock {
    if (typeof (key as unknown) !== 'string') {
      throw new TypeError(`a key of a web keyed lock must be a string, but is ${shown(key)}`);
    }
    return new WebLock(`${this.prefix}:${key}`, this.options);
  }
}
