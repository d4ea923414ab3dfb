import { setTimeout } from 'node:timers/promises';

import { Redis } from 'ioredis';
import type { RedisLock } from 'rxjs-locks/redis';

import { eventually } from './eventually.node.js';
import { Proxy } from './proxy.node.js';
import { hold, Scene, Waiter, withEachClient } from './scene.node.js';

withEachClient('The hand-over of a lock at Redis', (kind) => {
  const scene = new Scene(kind);
  /** No beat comes during a spec. */
  const rarely = { lease: 60_000, poll: 20_000 };

  /** All messages to any process. */
  async function messages(): Promise<string[]> {
    const heard: string[] = [];
    const ear = new Redis(scene.server.port);
    scene.after(() => {
      ear.disconnect();
    });
    await ear.psubscribe('rxjs-locks:to:*');
    ear.on('pmessage', (_pattern: string, channel: string) => heard.push(channel));
    return heard;
  }

  /** Waits until a waiter is in the queue and hears messages. It has asked once more after it could hear. */
  async function settled(waiting: number, ears = waiting): Promise<void> {
    await eventually(async () => (await scene.server.waiting('a')) === waiting);
    await eventually(async () => (await scene.ears()).length === ears);
    for (let before = -1, runs = 0; before !== runs;) {
      before = runs;
      await setTimeout(30);
      runs = await scene.server.runs();
    }
  }

  it('takes one run of the script, and one message to the one whose turn it is', async () => {
    const [a, b, c] = await scene.locks('a', rarely);
    const heard = await messages();
    const permit = await hold(a);
    const first = new Waiter(b);
    await settled(1);
    const second = new Waiter(c);
    await settled(2);
    const runs = await scene.server.runs();
    permit.release();
    await first.granted();
    await eventually(() => heard.length > 0);
    expect((await scene.server.runs()) - runs).toBe(1);
    expect(heard.length).toBe(1);
    expect(second.isTold).toBe(false);
  });

  it('has one connection more for a process, however many wait in it', async () => {
    const [a, b] = await scene.locks('a', rarely);
    const permit = await hold(a);
    const others = Array.from({ length: 40 }, () => new Waiter(b));
    await settled(40, 1);
    await eventually(async () => {
      const clients = (await scene.server.witness.client('LIST', 'TYPE', 'PUBSUB')) as string;
      return clients.trim().split('\n').length === 1; // those of other specs end in a moment
    });
    permit.release();
    for (const each of others) {
      (await each.granted()).release();
    }
  });

  it('does without messages that are lost, since connections are killed', async () => {
    const [a, b] = await scene.locks('a', { poll: 60_000, lease: 180_000 });
    const permit = await hold(a);
    const waiter = new Waiter(b);
    await settled(1);
    // The permit changes hands while nobody can hear. The new connection asks, long before a poll is due.
    await scene.server.witness.client('KILL', 'TYPE', 'pubsub');
    permit.release();
    expect((await waiter.granted()).lost).toBe(false);
  });

  it('does without messages where a process must not subscribe, nor publish', async () => {
    const account = { username: 'deaf', password: 'secret' };
    await scene.server.witness.acl('SETUSER', 'deaf', 'on', '>secret', '+@all', '~*', 'resetchannels');
    const deaf = async (): Promise<RedisLock> => scene.lockOf(await scene.client(scene.server.port, account), 'a', { poll: 30 });
    const [a, b] = [await deaf(), await deaf()];
    const heard = await messages();
    const permit = await hold(a);
    const waiter = new Waiter(b);
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    const behind = new Waiter(a);
    await eventually(async () => (await scene.server.waiting('a')) === 2);
    permit.release();
    expect((await waiter.granted()).lost).toBe(false);
    expect(behind.isTold).toBe(false);
    expect(heard).toEqual([]);
  });

  it('believes no message of an earlier grant', async () => {
    const [a, b] = await scene.locks('a', rarely);
    const permit = await hold(a);
    const waiter = new Waiter(b);
    await settled(1);
    const [channel = ''] = await scene.ears();
    const [id = ''] = await scene.server.witness.zrange('rxjs-locks:{a}:lock:line', 0, -1);
    await scene.server.witness.publish(channel, `${id} ${String(permit.token)}`);
    await scene.server.witness.publish(channel, 'nonsense');
    const runs = await scene.server.runs();
    await scene.server.witness.publish(channel, `${id.replace(/\d+:1$/, '999999:1')} ${String(permit.token + 1n)}`);
    await eventually(async () => (await scene.server.runs()) > runs); // it returns what it does not know
    expect(waiter.isTold).toBe(false);
    permit.release();
    expect((await waiter.granted()).token > permit.token).toBe(true);
  });

  it('believes a message that comes before the answer to the request', async () => {
    const network = await Proxy.to(scene.server.port);
    scene.after(() => network.end());
    const client = await scene.client(network.port);
    const holder = await scene.client();
    await hold(scene.lockOf(holder, 'b', rarely));
    const permit = await hold(scene.lockOf(holder, 'a', rarely));
    const ear = new Waiter(scene.lockOf(client, 'b', rarely)); // so that the process hears
    await eventually(async () => (await scene.ears()).length === 1);
    const heard = await messages();
    network.stallFirstAnswers();
    const waiter = new Waiter(scene.lockOf(client, 'a', rarely));
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    permit.release();
    await eventually(() => heard.length > 0);
    await setTimeout(50); // the process has heard it, too
    network.resume();
    expect((await waiter.granted()).lost).toBe(false);
    expect(ear.isTold).toBe(false);
  });

  it('asks again where a process has many callers, and the server does not know them', async () => {
    const [a, b] = await scene.locks('a', { lease: 60_000, poll: 20_000 });
    const permit = await hold(a);
    const callers = Array.from({ length: 40 }, () => new Waiter(b));
    await settled(40, 1);
    await scene.server.witness.del('rxjs-locks:{a}:lock:line', 'rxjs-locks:{a}:lock:alive');
    const late = new Waiter(b);
    await eventually(async () => (await scene.server.waiting('a')) === 41);
    permit.release();
    for (const [index, caller] of [...callers, late].entries()) {
      const granted = await caller.granted();
      expect([...callers, late].filter(({ isTold }) => isTold)).toHaveSize(index + 1);
      granted.release();
    }
  });
});
