/** The options of a {@link PostgresLock}. */
export interface PostgresOptions {
  /**
   * How many milliseconds the server keeps the session of a process that it does not hear of: an integer from 100 to 12 hours.
   * 30,000. The session is asked something every third of it.
   */
  readonly lease?: number;
  /**
   * How many milliseconds a waiting caller bears a server that does not answer, before it gets an {@link UnavailableError};
   * `Infinity` for no bound. 10,000. It never bounds the wait for a holder.
   */
  readonly patience?: number;
  /** The key of the advisory lock, where other programs use it too: a bigint of 64 bits. The first 64 bits of SHA-256 of the name. */
  readonly key?: bigint;
  /**
   * What is between the client and the server. `'none'`, the default, refuses a pooler: one that pools by transaction runs lock and
   * unlock in different sessions. `'session'` is one that keeps a session for a client.
   */
  readonly pooler?: 'none' | 'session';
  /**
   * Where tokens come from. `'clock'`, the default: microseconds of the server's clock, which rise unless that clock steps back
   * between two holders. `{ table }`: a table that keeps the last token, so that they rise whatever happens, for a commit for each grant.
   */
  readonly fence?: 'clock' | { readonly table: string };
}
