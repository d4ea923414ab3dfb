import { eventually } from '../eventually.node.js';
import { hold, Waiter } from '../scene.node.js';
import { PostgresScene } from './postgres-scene.node.js';

describe('A process that dies, with a lock at PostgreSQL,', () => {
  const scene = new PostgresScene();

  it('frees what it held at once', async () => {
    const lock = scene.lock('a');
    const worker = scene.worker({ name: 'a', lease: 43_200_000 });
    worker.tell({ step: 'acquire', caller: 'x' });
    const { token } = await worker.hear('x', 'granted');
    const waiter = new Waiter(lock);
    await scene.waiting(1);
    await worker.kill();
    expect((await waiter.granted()).token > BigInt(token ?? 0)).toBe(true);
  }, 20_000);

  it('leaves the queue of the server, before its turn', async () => {
    const lock = scene.lock('a');
    const permit = await hold(lock);
    const worker = scene.worker({ name: 'a', lease: 43_200_000 });
    worker.tell({ step: 'acquire', caller: 'x' });
    await scene.waiting(1);
    await worker.kill();
    await scene.waiting(0);
    expect(permit.lost).toBe(false);
  }, 20_000);

  it('costs one lease if it was stopped before its grant, not one for each of its callers', async () => {
    const [a, b] = scene.locks('a');
    const permit = await hold(a);
    const worker = scene.worker({ name: 'a', lease: 1000 });
    for (const caller of ['x', 'y', 'z']) {
      worker.tell({ step: 'acquire', caller });
    }
    await scene.waiting(1);
    const waiter = new Waiter(b);
    await scene.waiting(2);
    worker.signal('SIGSTOP');
    permit.release();
    await waiter.granted();
    expect(await scene.server.sessions()).toHaveSize(2); // that of the worker is gone
    worker.signal('SIGCONT');
    await scene.waiting(1);
    waiter.permit?.release();
    for (const caller of ['x', 'y', 'z']) {
      await worker.hear(caller, 'granted');
      worker.tell({ step: 'release', caller });
    }
    expect(worker.news.map(({ what }) => what)).toEqual(['granted', 'granted', 'granted']);
  }, 20_000);

  it('hears that it has lost its permit, when it was stopped for longer than its lease', async () => {
    const lock = scene.lock('a');
    const worker = scene.worker({ name: 'a', lease: 600 });
    worker.tell({ step: 'acquire', caller: 'x' });
    const { token } = await worker.hear('x', 'granted');
    const waiter = new Waiter(lock);
    await scene.waiting(1);
    worker.signal('SIGSTOP');
    const next = await waiter.granted(); // a stopped process keeps its connection: the server has ended the session
    expect(next.token > BigInt(token ?? 0)).toBe(true);
    worker.signal('SIGCONT');
    await worker.hear('x', 'lost');
    worker.tell({ step: 'release', caller: 'x' });
    worker.tell({ step: 'acquire', caller: 'y' });
    await scene.waiting(1);
    expect(next.lost).toBe(false);
  }, 20_000);

  it('keeps its turn if it comes back in time', async () => {
    const lock = scene.lock('a');
    const permit = await hold(lock);
    const worker = scene.worker({ name: 'a', lease: 60_000 });
    worker.tell({ step: 'acquire', caller: 'x' });
    await scene.waiting(1);
    worker.signal('SIGSTOP');
    permit.release();
    await scene.waiting(0);
    worker.signal('SIGCONT');
    await worker.hear('x', 'granted');
    expect(worker.news.map(({ what }) => what)).toEqual(['granted']);
  }, 20_000);

  it('says in the next line that it has lost its permit, after its event loop was blocked', async () => {
    const worker = scene.worker({ name: 'a', lease: 300 });
    worker.tell({ step: 'acquire', caller: 'x' });
    await worker.hear('x', 'granted');
    worker.tell({ step: 'block', milliseconds: 400 });
    await worker.hear('x', 'lost at once');
    await eventually(async () => (await scene.server.held()) === 0);
    expect(worker.news.map(({ what }) => what)).toContain('lost');
  }, 20_000);
});
