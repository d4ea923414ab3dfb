const { env } = process;

/** What the environment says to an instance. */
export const settings = {
  port: Number(env.PORT ?? 3000),
  redisUrl: env.REDIS_URL ?? 'redis://127.0.0.1:6379',
  locks: {
    /** How many milliseconds Redis keeps the locks of an instance that has died. */
    lease: Number(env.LEASE ?? 3000),
    /** How many milliseconds a request waits for a Redis that does not answer. */
    patience: Number(env.PATIENCE ?? 3000),
  },
};
