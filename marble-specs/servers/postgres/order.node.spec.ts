import { firstValueFrom } from 'rxjs';

import { eventually } from '../eventually.node.js';
import { nth } from '../nth.js';
import { hold, Waiter } from '../scene.node.js';
import { PostgresScene } from './postgres-scene.node.js';

describe('The queue of a name at PostgreSQL', () => {
  const scene = new PostgresScene();

  it('is exclusive for callers of several processes', async () => {
    const locks = scene.locks('a');
    let inside = 0;
    const most = await Promise.all(
      Array.from({ length: 60 }, (_, caller) =>
        nth(locks, caller).run(async () => {
          inside++;
          await scene.server.witness.query('SELECT 1');
          return inside--;
        }),
      ),
    );
    expect(most).toEqual(Array.from({ length: 60 }, () => 1));
  });

  it('serves the callers of a process in the order in which they came', async () => {
    const [a, b] = scene.locks('a');
    const permit = await hold(a);
    const order: number[] = [];
    const runs = Array.from({ length: 20 }, (_, caller) => b.run(() => void order.push(caller)));
    await scene.waiting(1);
    permit.release();
    await Promise.all(runs);
    expect(order).toEqual(Array.from({ length: 20 }, (_, caller) => caller));
  });

  it('is one connection for a hundred waiters of a process', async () => {
    const [a, b] = scene.locks('a');
    const permit = await hold(a);
    const waiters = Array.from({ length: 100 }, () => new Waiter(b));
    await scene.waiting(1);
    expect(await scene.server.sessions()).toHaveSize(2);
    waiters.forEach((waiter) => {
      waiter.leave();
    });
    expect(permit.lost).toBe(false);
  });

  it('lets processes take turns', async () => {
    const [a, b, c] = scene.locks('a');
    const permit = await hold(a);
    const order: string[] = [];
    const runs: Promise<unknown>[] = [];
    for (const [name, lock, stand] of [
      ['b1', b, 1],
      ['b2', b, 1],
      ['c1', c, 2],
      ['c2', c, 2],
    ] as const) {
      runs.push(
        lock.run(async () => {
          order.push(name);
          await scene.waiting(name === 'c2' ? 0 : 1); // the other process stands in the queue
        }),
      );
      await scene.waiting(stand);
    }
    permit.release();
    await Promise.all(runs);
    expect(order).toEqual(['b1', 'c1', 'b2', 'c2']);
  });

  it('refuses to try while a caller of another process waits or holds', async () => {
    const [a, b, c] = scene.locks('a');
    const permit = await hold(a);
    expect(await firstValueFrom(b.tryAcquire())).toBeNull();
    expect(await scene.server.waiting()).toBe(0);
    const waiter = new Waiter(c);
    await scene.waiting(1);
    permit.release();
    expect(await firstValueFrom(b.tryAcquire())).toBeNull();
    (await waiter.granted()).release();
    await scene.held(0);
    expect((await firstValueFrom(b.tryAcquire()))?.released).toBe(false);
  });

  it('refuses to try at once while a caller of this process waits or holds, and asks nobody', async () => {
    const lock = scene.lock('a');
    const told: unknown[] = [];
    const permit = await hold(lock);
    lock.tryAcquire().subscribe((given) => told.push(given));
    expect(told).toEqual([null]);
    const waiter = new Waiter(lock);
    permit.release();
    lock.tryAcquire().subscribe((given) => told.push(given));
    expect(told).toEqual([null, null]);
    (await waiter.granted()).release();
    expect((await firstValueFrom(lock.tryAcquire()))?.released).toBe(false); // after the release, not beside it
  });

  it('answers those who try at the same time in their order', async () => {
    const [a, b] = scene.locks('a');
    const [first, second, third] = await Promise.all([a, a, a].map((lock) => firstValueFrom(lock.tryAcquire())));
    expect([first?.released, second, third]).toEqual([false, null, null]);
    const waiters = [firstValueFrom(b.tryAcquire()), hold(b)] as const;
    expect(await waiters[0]).toBeNull();
    first?.release();
    expect((await waiters[1]).lost).toBe(false);
  });

  it('takes SHA-256 of the name for its key, or the key that other programs use', async () => {
    const lock = scene.lock('invoice:42');
    await hold(lock);
    const keys = async (): Promise<string[]> => {
      const { rows } = await scene.server.witness.query<{ key: string }>(
        `SELECT ((classid::bigint << 32) | objid::bigint)::text AS key FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 ORDER BY 1`,
      );
      return rows.map(({ key }) => key);
    };
    const { rows } = await scene.server.witness.query<{ key: string }>(
      `SELECT ('x' || left(encode(sha256('invoice:42'), 'hex'), 16))::bit(64)::bigint::text AS key`,
    );
    expect(await keys()).toEqual([String(rows[0]?.key)]);
    const same = scene.lock('other name', { key: BigInt(rows[0]?.key ?? 0) });
    expect(await firstValueFrom(same.tryAcquire())).toBeNull();
    const negative = await hold(scene.lock('negative', { key: -(2n ** 63n) }));
    expect(await keys()).toContain(String(-(2n ** 63n)));
    expect(negative.lost).toBe(false);
  });

  it('is one for all instances of a name, and of a key, in a process', async () => {
    const lock = scene.lock('a', { key: 7n });
    const permit = await hold(lock);
    const other = scene.lock('b', { key: 7n });
    const waiter = new Waiter(other);
    await scene.waiting(1);
    permit.release();
    (await waiter.granted()).release();
    await scene.held(0);
    expect(await scene.server.sessions()).toHaveSize(2);
  });

  it('keeps the connection for callers that come soon, and ends it then', async () => {
    const lock = scene.lock('a');
    const pids = new Set<unknown>();
    for (let round = 0; round < 5; round++) {
      await lock.run(async () => {
        for (const { pid } of await scene.server.sessions()) {
          pids.add(pid);
        }
      });
    }
    expect(pids.size).toBe(1);
    await eventually(async () => (await scene.server.sessions()).length === 0);
    expect((await hold(lock)).lost).toBe(false);
  }, 20_000);
});
