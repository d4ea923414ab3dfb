export type { PostgresClient } from './client.js';
export type { PostgresOptions } from './options.js';
export { PostgresLock } from './postgres-lock.js';
