/** What is asked of the server. All answers are text, since a client can be told how to read numbers. */

/** Which process of the server answers, when the server was started, and whether it is a standby. */
export const WHO = `SELECT pg_backend_pid()::text AS pid, extract(epoch FROM pg_postmaster_start_time())::text AS started,
  pg_is_in_recovery()::text AS standby`;

/**
 * The server ends a session that is silent for a lease. Limits that a role may have for other statements would end a wait, or a
 * session that waits.
 */
export const SET_UP = `SELECT set_config('idle_session_timeout', $1, false), (SELECT count(set_config(name, '0', false)) FROM pg_settings
  WHERE name IN ('lock_timeout', 'statement_timeout', 'transaction_timeout'))`;

/** A session that waits looks every second whether its client is still there. Not every system that a server runs on can do that. */
export const LOOK = `SELECT set_config('client_connection_check_interval', '1000', false)`;

export const LOCK = 'SELECT pg_advisory_lock($1::bigint)';

export const TRY_LOCK = 'SELECT pg_try_advisory_lock($1::bigint)::text AS granted';

export const UNLOCK = 'SELECT pg_advisory_unlock($1::bigint)';

export const BEAT = 'SELECT pg_backend_pid()::text AS pid';

/** Which of these processes are there, with the start of the server. */
export const PRESENT = `SELECT pid::text AS pid, extract(epoch FROM pg_postmaster_start_time())::text AS started FROM pg_stat_activity
  WHERE pid = ANY ($1::int[])`;

const CLOCK = '(extract(epoch FROM clock_timestamp()) * 1000000)::bigint';

/** A new token. A table keeps the last one of each key. */
export function mintOf(table: string | undefined): string {
  return table === undefined
    ? `SELECT ${CLOCK}::text AS token, pg_backend_pid()::text AS pid`
    : `INSERT INTO ${table} AS fence (key, token) VALUES ($1::bigint, ${CLOCK})
       ON CONFLICT (key) DO UPDATE SET token = greatest(fence.token + 1, excluded.token)
       RETURNING token::text AS token, pg_backend_pid()::text AS pid`;
}
