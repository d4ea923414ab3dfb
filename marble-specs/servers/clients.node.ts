import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { RedisClient } from 'rxjs-locks/redis';

/** A client of the user, which stands for a process: its locks know nothing of those of other clients. */
export interface Connected {
  readonly client: RedisClient;
  end(): void;
}

/** The ways to connect, by the name of the client. */
export const connects: Readonly<Record<'ioredis' | 'node-redis', (port: number, options?: Account) => Promise<Connected>>> = {
  ioredis: (port, account = {}) => {
    const client = new Redis(port, { retryStrategy: () => 20, maxRetriesPerRequest: null, ...account });
    client.on('error', () => undefined);
    return Promise.resolve({
      client,
      end: () => {
        client.disconnect();
      },
    });
  },
  'node-redis': async (port, account = {}) => {
    const client = createClient({ socket: { port, host: '127.0.0.1', reconnectStrategy: () => 20 }, ...account });
    client.on('error', () => undefined);
    await client.connect();
    return {
      client,
      end: () => {
        client.destroy();
      },
    };
  },
};

/** The user of an access list. */
export interface Account {
  readonly username?: string;
  readonly password?: string;
}
