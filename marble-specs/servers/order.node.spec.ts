import { setTimeout } from 'node:timers/promises';

import { firstValueFrom } from 'rxjs';

import { eventually } from './eventually.node.js';
import { nth } from './nth.js';
import { hold, Scene, Waiter, withEachClient } from './scene.node.js';

withEachClient('The queue of a name at Redis', (kind) => {
  const scene = new Scene(kind);

  it('serves the callers of several processes in the order in which they came', async () => {
    const locks = await scene.locks('a');
    const first = await hold(locks[0]);
    const order: number[] = [];
    const runs: Promise<unknown>[] = [];
    for (let caller = 0; caller < 12; caller++) {
      runs.push(nth(locks, caller * 7).run(() => scene.server.witness.rpush('order', caller)));
      await eventually(async () => (await scene.server.waiting('a')) === caller + 1);
      order.push(caller);
    }
    first.release();
    await Promise.all(runs);
    expect((await scene.server.witness.lrange('order', 0, -1)).map(Number)).toEqual(order);
  });

  it('is exclusive for callers of several processes', async () => {
    const locks = await scene.locks('a');
    const inside = await Promise.all(
      Array.from({ length: 60 }, (_, caller) =>
        nth(locks, caller).run(async () => {
          const entered = await scene.server.witness.incr('inside');
          await scene.server.witness.decr('inside');
          return entered;
        }),
      ),
    );
    expect(inside).toEqual(Array.from({ length: 60 }, () => 1));
  });

  it('lets as many hold a semaphore as it has units', async () => {
    const semaphores = await Promise.all([1, 2, 3].map(() => scene.semaphore('s', 4)));
    let most = 0;
    await Promise.all(
      Array.from({ length: 60 }, (_, caller) =>
        nth(semaphores, caller).run(async () => {
          most = Math.max(most, await scene.server.witness.incr('inside'));
          await scene.server.witness.ping();
          await scene.server.witness.decr('inside');
        }),
      ),
    );
    expect(most).toBe(4);
  });

  it('grants the head in the same script in which a permit is released', async () => {
    const [a, b] = await scene.locks('a');
    const permit = await hold(a);
    const waiter = new Waiter(b);
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    const commands = await scene.server.monitor();
    permit.release();
    await waiter.granted();
    await eventually(() => commands.some((line) => line.includes(' lua] "HDEL"')));
    const end = commands.findIndex(
      (line, index) => line.includes('"PEXPIRE"') && commands.slice(0, index).some((each) => each.includes('"HDEL"')),
    );
    const begin = commands
      .slice(0, end)
      .map((line) => line.includes('"TIME"'))
      .lastIndexOf(true);
    const steps = commands
      .slice(begin, end)
      .map((line) => / lua\] "(HDEL|ZREM|HSET)" "[^"]*:(held|line)"/.exec(line)?.slice(1).join(' '));
    expect(steps.filter((step) => step !== undefined)).toEqual(['HDEL held', 'ZREM line', 'HSET held']);
  });

  it('refuses to try while anyone waits, though there are units', async () => {
    const [a, b] = [await scene.semaphore('s', 2), await scene.semaphore('s', 2)];
    const permit = await hold(a);
    expect(await firstValueFrom(b.tryAcquire(2))).toBeNull();
    expect(await scene.server.waiting('s', 'semaphore')).toBe(0);
    const heavy = new Waiter(a, 2);
    await eventually(async () => (await scene.server.waiting('s', 'semaphore')) === 1);
    expect(await firstValueFrom(b.tryAcquire())).toBeNull();
    permit.release();
    (await heavy.granted()).release();
    await eventually(async () => (await scene.server.holders('s', 'semaphore')).length === 0);
    expect((await firstValueFrom(b.tryAcquire(2)))?.released).toBe(false);
  });

  it('overtakes no heavy head', async () => {
    const [a, b] = [await scene.semaphore('s', 3), await scene.semaphore('s', 3)];
    const [one, two] = [await hold(a), await hold(a)];
    const record: string[] = [];
    const heavy = new Waiter(b, 3, () => record.push('heavy'));
    await eventually(async () => (await scene.server.waiting('s', 'semaphore')) === 1);
    const light = new Waiter(a, 1, () => record.push('light'));
    await eventually(async () => (await scene.server.waiting('s', 'semaphore')) === 2);
    one.release();
    await eventually(async () => (await scene.server.holders('s', 'semaphore')).length === 1);
    expect(record).toEqual([]);
    two.release();
    (await heavy.granted()).release();
    await light.granted();
    expect(record).toEqual(['heavy', 'light']);
  });

  it('lets those go that stood behind a heavy head that leaves', async () => {
    const [a, b] = [await scene.semaphore('s', 2), await scene.semaphore('s', 2)];
    await hold(a);
    const heavy = new Waiter(b, 2);
    await eventually(async () => (await scene.server.waiting('s', 'semaphore')) === 1);
    const light = new Waiter(a);
    await eventually(async () => (await scene.server.waiting('s', 'semaphore')) === 2);
    heavy.leave();
    expect((await light.granted()).lost).toBe(false);
  });

  it('sends nothing for a weight that is never granted, and fails', async () => {
    const [lock, semaphore] = [await scene.lock('a'), await scene.semaphore('s', 3)];
    await hold(lock);
    const runs = await scene.server.runs();
    expect(await new Waiter(semaphore, 4).failed()).toEqual(
      new RangeError('cannot acquire 4 of redis semaphore "s": it never has more than 3'),
    );
    expect(await new Waiter(lock, 2).failed()).toEqual(new RangeError('cannot acquire 2 of redis lock "a": it has no weights'));
    await expectAsync(firstValueFrom(semaphore.tryAcquire(4))).toBeRejectedWithError(RangeError);
    expect(() => semaphore.acquire(1.5)).toThrowError(RangeError);
    expect((await scene.server.runs()) - runs).toBeLessThan(2); // a beat of the holder is none of these
    expect(await scene.server.waiting('s', 'semaphore')).toBe(0);
  });

  it('goes by the value of the process that came last, and revokes nothing', async () => {
    const [wide, narrow] = [await scene.semaphore('s', 3), await scene.semaphore('s', 1)];
    const [one, two] = [await hold(wide), await hold(wide)];
    expect(await firstValueFrom(narrow.tryAcquire())).toBeNull();
    expect([one.lost, two.lost]).toEqual([false, false]);
    const waiter = new Waiter(narrow);
    await eventually(async () => (await scene.server.waiting('s', 'semaphore')) === 1);
    expect(await firstValueFrom(wide.tryAcquire())).toBeNull(); // by its own value there is a unit, and the waiter takes it
    expect((await waiter.granted()).lost).toBe(false);
    expect([one.lost, two.lost]).toEqual([false, false]);
  });

  it('keeps a lock and a semaphore of one name apart', async () => {
    const [lock, semaphore] = [await scene.lock('a'), await scene.semaphore('a', 1)];
    expect((await hold(lock)).lost).toBe(false);
    expect((await hold(semaphore)).lost).toBe(false);
  });

  it('tells of its state once, where the period is longer than any timer', async () => {
    const lock = await scene.lock('a');
    const states: unknown[] = [];
    const subscription = lock.state(2 ** 31).subscribe((state) => states.push(state));
    scene.after(() => {
      subscription.unsubscribe();
    });
    await eventually(() => states.length > 0);
    const runs = await scene.server.runs();
    for (let time = 0; time < 10; time++) {
      await setTimeout(5); // a timer with too long a delay fires after a millisecond
    }
    expect(await scene.server.runs()).toBe(runs);
  });

  it('tells of its state while somebody looks', async () => {
    const [a, b] = await scene.locks('a');
    const states: string[] = [];
    const subscription = b.state(10).subscribe(({ held, waiting }) => states.push(`${String(held)} ${String(waiting)}`));
    scene.after(() => {
      subscription.unsubscribe();
    });
    await eventually(() => states.at(-1) === '0 0');
    const permit = await hold(a);
    await eventually(() => states.at(-1) === '1 0');
    const waiter = new Waiter(b);
    await eventually(() => states.at(-1) === '1 1');
    permit.release();
    (await waiter.granted()).release();
    await eventually(() => states.at(-1) === '0 0');
    expect(states.every((state, index) => state !== states[index - 1])).toBe(true);
  });
});
