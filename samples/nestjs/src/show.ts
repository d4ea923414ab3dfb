// `npm run show`: two instances take turns, then one is killed, and the other goes on after one lease.
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { Instance } from './instance.js';
import { settings } from './settings.js';

const series = `show-${randomUUID()}`;

/** Adds an invoice whose document takes so many milliseconds, and prints the answer. */
async function add({ url, child }: Instance, takes: number): Promise<void> {
  const started = performance.now();
  const response = await fetch(`${url}/invoices/${series}?takes=${String(takes)}`, { method: 'POST' });
  const after = `after ${String(Math.round(performance.now() - started))} ms`;
  console.log(`instance ${String(child.pid)}, ${after}: ${await response.text()}`);
}

async function show(): Promise<void> {
  const [first, second] = await Promise.all([Instance.start({ PORT: '0' }), Instance.start({ PORT: '0' })]);
  console.log('Six requests, three to each instance. Each holds the lock for 200 ms:');
  await Promise.all([first, second, first, second, first, second].map((instance) => add(instance, 200)));

  console.log(`\nAn instance is killed while it holds the lock. The lease is ${String(settings.locks.lease)} ms:`);
  const lost = add(first, 60_000).catch(() => {
    console.log(`instance ${String(first.child.pid)}: killed`);
  });
  await setTimeout(200);
  const next = add(second, 0);
  await setTimeout(200);
  await first.end('SIGKILL');
  await Promise.all([lost, next]);
  await second.end('SIGTERM');
}

void show();
