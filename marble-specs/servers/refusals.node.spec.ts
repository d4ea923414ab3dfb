import { Redis } from 'ioredis';
import type { RedisClient } from 'rxjs-locks/redis';

import { eventually } from './eventually.node.js';
import { freePort } from './redis-server.node.js';
import { hold, Scene, Waiter, withEachClient } from './scene.node.js';

withEachClient('A Redis that refuses for a while', (kind) => {
  const scene = new Scene(kind);
  const patient = { lease: 60_000, patience: Infinity };

  /** The beginning of what the server answers, and the commands that begin and end the refusal. */
  const refusals: readonly (readonly [code: string, begin: readonly string[], end: readonly string[]])[] = [
    ['NOREPLICAS', ['CONFIG', 'SET', 'min-replicas-to-write', '1'], ['CONFIG', 'SET', 'min-replicas-to-write', '0']],
    ['READONLY', ['REPLICAOF', '127.0.0.1'], ['REPLICAOF', 'NO', 'ONE']],
    ['MASTERDOWN', ['REPLICAOF', '127.0.0.1'], ['REPLICAOF', 'NO', 'ONE']],
  ];

  async function call([name = '', ...args]: readonly string[]): Promise<void> {
    await scene.server.witness.call(name, ...args);
  }

  for (const [code, begin, end] of refusals) {
    it(`is waited for by holders, waiters and new callers, if it answers ${code}`, async () => {
      const [a, b, c] = await scene.locks('a', { ...patient, poll: 50 });
      const permit = await hold(a);
      const waiter = new Waiter(b);
      await eventually(async () => (await scene.server.waiting('a')) === 1);
      await call(['CONFIG', 'SET', 'replica-serve-stale-data', code === 'MASTERDOWN' ? 'no' : 'yes']);
      const before = await scene.server.refusals(code);
      await call(begin[0] === 'REPLICAOF' ? [...begin, String(await freePort())] : begin);
      try {
        const late = new Waiter(c);
        await eventually(async () => (await scene.server.refusals(code)) > before + 3);
        permit.release();
        const released = await scene.server.refusals(code);
        await eventually(async () => (await scene.server.refusals(code)) > released + 3);
        expect([waiter.isTold, late.isTold]).toEqual([false, false]);
        await call(end);
        const next = await waiter.granted();
        expect(next.token > permit.token).toBe(true);
        next.release();
        expect((await late.granted()).lost).toBe(false);
      } finally {
        await call(end);
      }
    }, 20_000);
  }

  it('goes on where its memory is full, since a run of the script frees memory first', async () => {
    const [a, b] = await scene.locks('a', { ...patient, poll: 50 });
    const permit = await hold(a);
    await call(['CONFIG', 'SET', 'maxmemory', '1']);
    try {
      await expectAsync(scene.server.witness.set('other', '1')).toBeRejectedWithError(/^OOM/);
      const waiter = new Waiter(b);
      await eventually(async () => (await scene.server.waiting('a')) === 1);
      permit.release();
      expect((await waiter.granted()).lost).toBe(false);
    } finally {
      await call(['CONFIG', 'SET', 'maxmemory', '0']);
    }
  });
});

describe('A Redis that loads its data', () => {
  const scene = new Scene('ioredis', '--key-load-delay', '20000', '--loading-process-events-interval-bytes', '1024');

  it('is waited for, and all have their places', async () => {
    const client = new Redis(scene.server.port, { enableReadyCheck: false, retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    scene.after(() => {
      client.disconnect();
    });
    const answers: string[] = [];
    const noting = Object.assign(Object.create(client) as RedisClient, {
      evalsha: (...args: [sha1: string, numberOfKeys: number, ...rest: string[]]) => {
        const answer = client.evalsha(...args);
        answer.catch((error: unknown) => answers.push(String(error)));
        return answer;
      },
    });
    const lock = scene.lockOf(noting, 'a', { lease: 60_000, poll: 50, patience: Infinity });
    const permit = await hold(lock);
    const waiter = new Waiter(lock);
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    for (let key = 0; key < 50; key++) {
      await scene.server.witness.set(`filling ${String(key)}`, 'x'.repeat(1000));
    }
    await scene.server.witness.save();
    await scene.server.kill();
    await scene.server.run();
    expect(answers.some((answer) => answer.includes('LOADING'))).toBe(true);
    permit.release();
    expect((await waiter.granted()).token > permit.token).toBe(true);
  }, 20_000);
});
