import { eventually } from './eventually.node.js';
import { Proxy } from './proxy.node.js';
import { hold, Scene, Waiter, withEachClient } from './scene.node.js';

withEachClient('A lease at Redis', (kind) => {
  const scene = new Scene(kind);

  async function proxy(): Promise<Proxy> {
    const made = await Proxy.to(scene.server.port);
    scene.after(() => made.end());
    return made;
  }

  /** When the server will take the permit of a lock back, by its own clock. */
  async function endOf(name: string): Promise<number> {
    const [value = ''] = await scene.server.witness.hvals(`rxjs-locks:{${name}}:lock:held`);
    return Number(value.split(' ')[0]);
  }

  it('is renewed for as long as it is held', async () => {
    const lock = await scene.lock('a', { lease: 900, poll: 50 });
    const permit = await hold(lock);
    const first = await endOf('a');
    await eventually(async () => (await scene.server.now()) > first);
    expect([permit.lost, (await endOf('a')) > first]).toEqual([false, true]);
    expect(await scene.server.holders('a')).toHaveSize(1);
  });

  it('costs one beat a poll, for all callers of a process together', async () => {
    const [a, b] = await scene.locks('a', { lease: 60_000, poll: 200 });
    const permit = await hold(a);
    const callers = Array.from({ length: 500 }, () => new Waiter(b));
    await eventually(async () => (await scene.server.waiting('a')) === 500);
    const commands = await scene.server.monitor();
    const beats = (): string[] => commands.filter((line) => /"evalsha".* "all" /i.test(line));
    await eventually(() => beats().length >= 8);
    const times = beats().map((line) => Number.parseFloat(line) * 1000);
    expect(commands.filter((line) => /"evalsha"/i.test(line)).length).toBe(beats().length);
    // The first two can be the one that is asked when the process can hear. A beat is never early, but it can arrive late: so five
    // periods of 200 ms are longer than four, though the first of the beats was late.
    expect(Number(times[7]) - Number(times[2])).toBeGreaterThan(4 * 200);
    expect(callers.some(({ isTold }) => isTold)).toBe(false);
    permit.release();
  }, 20_000);

  it('is lost at its deadline where the network is stalled, before the next one is in', async () => {
    const network = await proxy();
    const lock = await scene.lock('a', { lease: 900, poll: 50 }, network.port);
    const other = await scene.lock('a', { lease: 900, poll: 50 });
    const record: string[] = [];
    const permit = await hold(lock);
    permit.lost$.subscribe(() => record.push('lost'));
    const waiter = new Waiter(other, 1, () => record.push('granted'));
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    network.stall();
    expect((await waiter.granted()).token > permit.token).toBe(true);
    expect(record).toEqual(['lost', 'granted']);
  });

  it('counts from the last request to which the server said "wait", where the grant comes by a message', async () => {
    const network = await proxy();
    const permit = await hold(await scene.lock('a'));
    const waiter = new Waiter(await scene.lock('a', { lease: 1200, poll: 400 }, network.port));
    await eventually(async () => (await scene.ears()).length === 1);
    network.stallFirst(); // the connection that asks, not the one that hears
    const stalledAt = performance.now();
    await eventually(() => performance.now() > stalledAt + 400);
    permit.release();
    const granted = await waiter.granted();
    expect(granted.lost).toBe(false);
    await eventually(() => performance.now() > stalledAt + 1200);
    expect(granted.lost).toBe(true);
  });

  it('is lost when the server does not know it any more', async () => {
    const lock = await scene.lock('a', { lease: 1500, poll: 50 });
    const permit = await hold(lock);
    const reasons: Error[] = [];
    permit.lost$.subscribe((reason) => reasons.push(reason));
    await scene.server.witness.flushall();
    await eventually(() => reasons.length > 0);
    expect(reasons.map(({ message }) => message)).toEqual(['lost redis lock "a": the server does not know it any more']);
    permit.release();
  });

  it('is not the shorter for another length of lease at the same semaphore', async () => {
    const [short, long] = [
      await scene.semaphore('s', 2, { lease: 300, poll: 50 }),
      await scene.semaphore('s', 2, { lease: 60_000, poll: 50 }),
    ];
    const permit = await hold(long);
    const brief = await hold(short);
    const values = async (): Promise<number[]> =>
      (await scene.server.witness.hvals('rxjs-locks:{s}:semaphore:held')).map((value) => Number(value.split(' ')[0]));
    const now = await scene.server.now();
    expect((await values()).map((end) => end - now > 20_000).sort()).toEqual([false, true]);
    brief.release();
    await eventually(async () => (await scene.server.holders('s', 'semaphore')).length === 1);
    expect(permit.lost).toBe(false);
  });

  it('does not depend on the clock of a process', async () => {
    const lock = await scene.lock('a', { lease: 2000, poll: 50 });
    const other = await scene.lock('a', { lease: 2000, poll: 50 });
    const permit = await hold(lock);
    const real = Date.now;
    try {
      for (const hours of [1, -1]) {
        Date.now = () => real.call(Date) + hours * 3_600_000;
        const waiter = new Waiter(other);
        await eventually(async () => (await scene.server.waiting('a')) === 1);
        await eventually(async () => (await scene.server.waiting('a')) === 1);
        expect([waiter.isTold, permit.lost]).toEqual([false, false]);
        waiter.leave();
        await eventually(async () => (await scene.server.waiting('a')) === 0);
      }
    } finally {
      Date.now = real;
    }
  });

  describe('has a token', () => {
    it('that rises with every grant, whoever is granted', async () => {
      const locks = await scene.locks('a');
      const tokens: bigint[] = [];
      for (let round = 0; round < 30; round++) {
        await locks[round % 3]?.run(({ token }) => {
          tokens.push(token);
        });
      }
      expect(tokens.every((token, index) => index === 0 || token > Number(tokens[index - 1]))).toBe(true);
    });

    it('that rises after the server has lost everything', async () => {
      const [a, b] = await scene.locks('a');
      const permit = await hold(a);
      await scene.server.witness.flushall();
      expect((await hold(b)).token > permit.token).toBe(true);
    });

    it('that rises where the clock of the server was ahead', async () => {
      const lock = await scene.lock('a');
      const ahead = 2n ** 52n;
      await scene.server.witness.hset('rxjs-locks:{a}:lock:info', 'token', String(ahead));
      expect((await hold(lock)).token).toBe(ahead + 1n);
    });

    it('and all keys end when nobody has used them for a day', async () => {
      const [a, b] = await scene.locks('a');
      await hold(a);
      const waiter = new Waiter(b);
      await eventually(async () => (await scene.server.waiting('a')) === 1);
      const keys = await scene.server.witness.keys('*');
      const ends = await Promise.all(keys.map((key) => scene.server.witness.pttl(key)));
      expect(keys.sort()).toEqual(['alive', 'held', 'info', 'line'].map((key) => `rxjs-locks:{a}:lock:${key}`));
      expect(ends.every((end) => end > 86_000_000 && end <= 86_400_000)).toBe(true);
      expect(waiter.isTold).toBe(false);
    });
  });
});
