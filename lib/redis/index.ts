export type { IoredisLike, NodeRedisLike, RedisClient } from './client.js';
export type { RedisLockState } from './internal/watch.js';
export type { RedisOptions } from './options.js';
export { RedisLock } from './redis-lock.js';
export { RedisSemaphore } from './redis-semaphore.js';
