/**
 * A client of ioredis, as far as it is needed: `Redis` or `Cluster`.
 */
export interface IoredisLike {
  /** Runs a script that the server knows. */
  evalsha(...args: [sha1: string, numberOfKeys: number, ...keysAndArguments: string[]]): Promise<unknown>;
  /** Runs a script, and lets the server keep it. */
  eval(...args: [script: string, numberOfKeys: number, ...keysAndArguments: string[]]): Promise<unknown>;
  /** Makes the client that subscribes to the messages of the locks. */
  duplicate(): unknown;
}

/**
 * A client of `redis` (node-redis), as far as it is needed: what `createClient()`, `createCluster()` and `createClientPool()` return.
 * A pool cannot subscribe. So its locks find their grants by asking, every `poll` milliseconds.
 */
export interface NodeRedisLike {
  /** Runs a script that the server knows. */
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Runs a script, and lets the server keep it. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Makes the client that subscribes to the messages of the locks. A pool lacks it. */
  duplicate?(): unknown;
}

/** The user's own client. It must be connected, or connect by itself; the locks never close it. */
export type RedisClient = IoredisLike | NodeRedisLike;
