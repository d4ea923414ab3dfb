/** The options of a {@link RedisLock} and of a {@link RedisSemaphore}. */
export interface RedisOptions {
  /**
   * How many milliseconds the server keeps a permit of a process that it does not hear of: an integer from 100 to 12 hours. 30,000.
   * A permit is renewed every third of it.
   */
  readonly lease?: number;
  /**
   * How many milliseconds a process that waits lets pass before it asks the server by itself, once for all of its callers: at least
   * 10, and never more than a third of the lease. 1,000. Messages of the server come earlier, unless they are lost.
   */
  readonly poll?: number;
  /**
   * How many milliseconds a waiting caller bears a server that does not answer, before it gets an {@link UnavailableError};
   * `Infinity` for no bound. 10,000. It never bounds the wait for a holder.
   */
  readonly patience?: number;
  /** The beginning of all keys and channels. `'rxjs-locks:'`. */
  readonly prefix?: string;
}
