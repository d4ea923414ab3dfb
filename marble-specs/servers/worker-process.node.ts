/** The process of a {@link Worker}. */
import type { Subscription } from 'rxjs';
import type { LeasedPermit } from 'rxjs-locks';
import { PostgresLock } from 'rxjs-locks/postgres';
import { RedisLock, RedisSemaphore } from 'rxjs-locks/redis';

import { connects } from './clients.node.js';
import { blockUntil } from './eventually.node.js';
import { connectTo } from './postgres/postgres-server.node.js';
import type { News, Order, WorkerOptions } from './worker.node.js';

const { port, client, name, value, lease, poll } = JSON.parse(process.argv[2] ?? '') as WorkerOptions;

async function made(): Promise<{ readonly lock: RedisLock | RedisSemaphore | PostgresLock; readonly end: () => void }> {
  if (client === 'pg') {
    return { lock: new PostgresLock(connectTo(port), name, { lease, patience: Infinity }), end: () => undefined };
  }
  const connected = await connects[client](port);
  const options = { lease, poll, patience: Infinity };
  const lock =
    value === undefined
      ? new RedisLock(connected.client, name, options)
      : new RedisSemaphore(connected.client, name, value, options);
  return {
    lock,
    end: () => {
      connected.end();
    },
  };
}

const { lock, end } = await made();
const permits = new Map<string, LeasedPermit>();
const waits = new Map<string, Subscription>();

function say(news: News): void {
  process.send?.(news);
}

const steps: { readonly [Step in Order['step']]: (order: Extract<Order, { step: Step }>) => void } = {
  acquire: ({ caller, weight = 1 }) => {
    const wait = lock.acquire(weight).subscribe({
      next: (permit) => {
        permits.set(caller, permit);
        say({ caller, what: 'granted', token: String(permit.token) });
        permit.lost$.subscribe(() => {
          say({ caller, what: 'lost' });
        });
      },
      error: () => {
        say({ caller, what: 'failed' });
      },
    });
    waits.set(caller, wait);
  },
  release: ({ caller }) => {
    waits.get(caller)?.unsubscribe();
    permits.get(caller)?.release();
  },
  block: ({ milliseconds }) => {
    blockUntil(performance.now() + milliseconds);
    for (const [caller, permit] of permits) {
      if (permit.lost) {
        say({ caller, what: 'lost at once' });
      }
    }
  },
  close: () => {
    void lock.close().then(() => {
      const hasTimers = process.getActiveResourcesInfo().includes('Timeout');
      say({ caller: 'closed', what: hasTimers ? 'timers' : 'no timers' });
      end();
      process.disconnect();
    });
  },
};

process.on('message', (order: Order) => {
  (steps[order.step] as (each: Order) => void)(order);
});
