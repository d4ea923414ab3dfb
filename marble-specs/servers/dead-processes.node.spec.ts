import { blockUntil, eventually } from './eventually.node.js';
import { Proxy } from './proxy.node.js';
import { hold, Scene, Waiter, withEachClient } from './scene.node.js';

withEachClient('A process that dies', (kind) => {
  const scene = new Scene(kind);
  const times = { lease: 1500, poll: 50 };

  /** Waits until the server takes nobody for alive but those who beat. */
  async function silent(sessions: number): Promise<void> {
    await eventually(async () => {
      const now = await scene.server.now();
      return (await scene.server.witness.zcount('rxjs-locks:{a}:lock:alive', `(${String(now)}`, '+inf')) <= sessions;
    });
  }

  /** A holder, three callers of another process behind it, and one caller of a third process at the end. */
  async function queueOfFour([a, b]: Awaited<ReturnType<Scene['locks']>>) {
    const permit = await hold(a);
    const worker = scene.worker({ name: 'a', ...times });
    for (const caller of ['x', 'y', 'z']) {
      worker.tell({ step: 'acquire', caller });
    }
    await eventually(async () => (await scene.server.waiting('a')) === 3);
    const waiter = new Waiter(b);
    await eventually(async () => (await scene.server.waiting('a')) === 4);
    return { permit, worker, waiter };
  }

  it('loses what it held when its lease ends', async () => {
    const lock = await scene.lock('a', times);
    const worker = scene.worker({ name: 'a', ...times });
    worker.tell({ step: 'acquire', caller: 'x' });
    const { token } = await worker.hear('x', 'granted');
    const waiter = new Waiter(lock);
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    await worker.kill();
    expect((await waiter.granted()).token > BigInt(token ?? 0)).toBe(true);
  }, 20_000);

  it('has no turn', async () => {
    const { permit, worker, waiter } = await queueOfFour(await scene.locks('a'));
    const commands = await scene.server.monitor();
    await worker.kill();
    await silent(1);
    permit.release();
    await waiter.granted();
    expect(commands.filter((line) => line.includes('"PUBLISH"')).length).toBe(1);
    expect(await scene.server.waiting('a')).toBe(0);
  }, 20_000);

  it('costs one lease if it has had a turn before anybody could know, not one for each of its callers', async () => {
    const { permit, worker, waiter } = await queueOfFour(await scene.locks('a', times));
    const commands = await scene.server.monitor();
    worker.signal('SIGSTOP');
    permit.release();
    await eventually(() => commands.some((line) => line.includes('"PUBLISH"')));
    await worker.kill();
    await waiter.granted();
    expect(commands.filter((line) => line.includes('"PUBLISH"')).length).toBe(1); // the next one has asked by itself
  }, 20_000);

  it('enters anew at the end if it was only stopped, and its callers keep their order', async () => {
    const { permit, worker, waiter } = await queueOfFour(await scene.locks('a'));
    worker.signal('SIGSTOP');
    await silent(1);
    permit.release();
    const second = await waiter.granted();
    worker.signal('SIGCONT');
    await eventually(async () => (await scene.server.waiting('a')) === 3);
    second.release();
    for (const caller of ['x', 'y', 'z']) {
      await worker.hear(caller, 'granted');
      worker.tell({ step: 'release', caller });
    }
    expect(worker.news.filter(({ what }) => what === 'granted').map(({ caller }) => caller)).toEqual(['x', 'y', 'z']);
    expect(worker.news.some(({ what }) => what === 'failed')).toBe(false);
  }, 20_000);

  it('keeps its turn if it comes back in time', async () => {
    const lock = await scene.lock('a');
    const permit = await hold(lock);
    const worker = scene.worker({ name: 'a', lease: 60_000, poll: 50 });
    worker.tell({ step: 'acquire', caller: 'x' });
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    worker.signal('SIGSTOP');
    permit.release();
    await eventually(async () => (await scene.server.waiting('a')) === 0);
    worker.signal('SIGCONT');
    await worker.hear('x', 'granted');
    expect(worker.news.map(({ what }) => what)).toEqual(['granted']);
  }, 20_000);

  it('hears that it has lost its permit, when it was stopped for longer than its lease', async () => {
    const lock = await scene.lock('a', times);
    const worker = scene.worker({ name: 'a', lease: 600, poll: 50 });
    worker.tell({ step: 'acquire', caller: 'x' });
    await worker.hear('x', 'granted');
    const waiter = new Waiter(lock);
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    worker.signal('SIGSTOP');
    await waiter.granted();
    worker.signal('SIGCONT');
    await worker.hear('x', 'lost');
    worker.tell({ step: 'release', caller: 'x' });
    worker.tell({ step: 'acquire', caller: 'y' });
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    expect(waiter.permit?.lost).toBe(false);
  }, 20_000);

  it('knows in the next line that its lease has ended, after it was blocked', async () => {
    const lock = await scene.lock('a', { lease: 300, poll: 50 });
    const permit = await hold(lock);
    const { signal } = permit;
    const heard: Error[] = [];
    permit.lost$.subscribe((error) => heard.push(error));
    const wasLost = permit.lost;
    blockUntil(performance.now() + 300);
    expect([wasLost, permit.lost, permit.released, signal.aborted]).toEqual([false, true, true, true]);
    expect(heard.map(({ message }) => message)).toEqual([
      'lost redis lock "a": its lease ended before the server confirmed it again',
    ]);
    await lock.close(); // it has left
    expect(await scene.server.holders('a')).toEqual([]);
  });

  it('hears of no grant that has ended on its way, and waits on', async () => {
    const network = await Proxy.to(scene.server.port);
    scene.after(() => network.end());
    const options = { lease: 600, poll: 200 };
    const permit = await hold(await scene.lock('a', options));
    const wasLost: boolean[] = [];
    const lock = await scene.lock('a', options, network.port);
    const waiter: Waiter = new Waiter(lock, 1, () => wasLost.push(waiter.permit?.lost ?? false));
    await eventually(async () => (await scene.ears()).length === 1);
    network.stall();
    permit.release();
    const since = performance.now();
    await eventually(() => performance.now() > since + 700);
    network.resumeLast(); // the message comes first, and the answers only when it has been heard
    await eventually(() => performance.now() > since + 900);
    network.resume();
    expect((await waiter.granted()).token > permit.token).toBe(true);
    expect(wasLost).toEqual([false]);
  });
});
