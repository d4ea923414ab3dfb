import { firstValueFrom } from 'rxjs';
import { UnavailableError } from 'rxjs-locks';

import { eventually } from '../eventually.node.js';
import { freePort } from '../redis-server.node.js';
import { hold, Waiter } from '../scene.node.js';
import { PostgresScene } from './postgres-scene.node.js';
import { connectTo, interceptedTo } from './postgres-server.node.js';

const unavailable = 'cannot acquire postgres lock "a": the server does not answer';

describe('The loss of PostgreSQL', () => {
  const scene = new PostgresScene('max_connections=20');

  async function passed(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    await eventually(() => performance.now() > until);
  }

  it('takes the permits of holders, and waiters come again when it is back', async () => {
    const [a, b] = scene.locks('a', { patience: Infinity });
    const permit = await hold(a);
    const order: string[] = [];
    const runs = ['first', 'second', 'third'].map((name) => b.run(() => void order.push(name)));
    await scene.waiting(1);
    await scene.server.kill();
    await eventually(() => permit.lost);
    await passed(300);
    expect(order).toEqual([]);
    await scene.server.run();
    await Promise.all(runs);
    expect(order).toEqual(['first', 'second', 'third']);
  }, 20_000);

  it('is none for a waiting session that the server ends: it comes again', async () => {
    const [a, b] = scene.locks('a');
    const permit = await hold(a);
    const waiter = new Waiter(b);
    await scene.waiting(1);
    const waiting = (await scene.server.sessions())[1];
    await scene.server.terminate(waiting?.pid ?? 0);
    await eventually(async () => {
      const [, session] = await scene.server.sessions();
      return session !== undefined && session.pid !== waiting?.pid && (await scene.server.waiting()) === 1;
    });
    permit.release();
    expect((await waiter.granted()).lost).toBe(false);
  });

  it('is borne by waiters for their patience, and no longer', async () => {
    const network = await scene.proxy();
    const lock = scene.lock('a', { patience: 600 }, network.port);
    const permit = await hold(scene.lock('a'));
    const waiter = new Waiter(lock);
    await scene.waiting(1);
    await passed(1200);
    expect(waiter.isTold).toBe(false); // a holder is borne for ever
    network.stall();
    const error = await waiter.failed();
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as Error).message).toBe(unavailable);
    expect(permit.lost).toBe(false);
  });

  it('is borne by callers behind a holder of their process for their patience, who keeps its permit', async () => {
    const network = await scene.proxy();
    const lock = scene.lock('a', { patience: 300, lease: 3000 }, network.port);
    const permit = await hold(lock);
    const waiter = new Waiter(lock);
    network.stall();
    expect(((await waiter.failed()) as Error).message).toBe(unavailable);
    expect(permit.lost).toBe(false);
    network.resume();
    await passed(2500);
    expect(permit.lost).toBe(false);
  }, 20_000);

  it('of a waiting session alone is found, where nothing says that it has ended', async () => {
    const network = await scene.proxy();
    const lock = scene.lock('a', { patience: 900 }, network.port);
    const permit = await hold(scene.lock('a'));
    const waiter = new Waiter(lock);
    await scene.waiting(1);
    const pid = (await scene.server.sessions())[1]?.pid ?? 0;
    network.stallFirst();
    await scene.server.terminate(pid);
    await eventually(async () => {
      const sessions = await scene.server.sessions();
      return (await scene.server.waiting()) === 1 && !sessions.some((session) => session.pid === pid);
    });
    permit.release();
    expect((await waiter.granted()).lost).toBe(false);
  }, 20_000);

  it('is not that it has no room for a further connection', async () => {
    const permit = await hold(scene.lock('a'));
    const waiter = new Waiter(scene.lock('a', { patience: 300 }));
    await scene.waiting(1);
    const others = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const client = connectTo(scene.server.port)();
        client.on('error', () => undefined);
        return client.connect().then(
          () => client,
          () => undefined,
        );
      }),
    );
    await passed(900);
    expect(waiter.isTold).toBe(false);
    for (const client of others) {
      await client?.end();
    }
    permit.release();
    expect((await waiter.granted()).lost).toBe(false);
  });

  it('is that nobody answers about a session that waits', async () => {
    const permit = await hold(scene.lock('a'));
    const [here, nowhere] = [connectTo(scene.server.port), connectTo(await freePort())];
    let clients = 0;
    const waiter = new Waiter(scene.lockOf(() => (clients++ === 0 ? here() : nowhere()), 'a', { patience: 300 }));
    const error = await waiter.failed();
    expect(String((error as UnavailableError).cause)).toMatch(/ECONNREFUSED/);
    await scene.waiting(0);
    expect(permit.lost).toBe(false);
  });

  it('is seen by one connection for all sessions of a process that wait', async () => {
    const connect = connectTo(scene.server.port);
    const names = ['a', 'b', 'c'];
    const permits = await Promise.all(names.map((name) => hold(scene.lock(name))));
    const waiters = names.map((name) => new Waiter(scene.lockOf(connect, name, { patience: 300 })));
    await scene.waiting(3);
    await eventually(async () => (await scene.server.sessions()).length === 7);
    await passed(500);
    expect(await scene.server.sessions()).toHaveSize(7);
    for (const permit of permits) {
      permit.release();
    }
    await Promise.all(waiters.map((waiter) => waiter.granted()));
    await eventually(async () => (await scene.server.sessions()).length < 7); // nobody waits any more
  });

  it('fails a caller without patience with the first request', async () => {
    const network = await scene.proxy();
    network.stall();
    const error = await new Waiter(scene.lock('a', { patience: 0, lease: 600 }, network.port)).failed();
    expect(((error as UnavailableError).cause as Error).message).toBe('no answer within 300 ms');
  });

  it('fails a caller that must not wait with one request', async () => {
    const network = await scene.proxy();
    const lock = scene.lock('a', { patience: Infinity, lease: 600 }, network.port);
    network.stall();
    await expectAsync(firstValueFrom(lock.tryAcquire())).toBeRejectedWithError(UnavailableError, unavailable);
    network.resume();
    expect((await hold(lock)).lost).toBe(false);
  });

  it('is borne by callers that came when there was no server yet', async () => {
    const port = await freePort();
    const impatient = new Waiter(scene.lock('a', { patience: 200 }, port));
    const error = await impatient.failed();
    expect((error as Error).message).toBe(unavailable);
    expect(String((error as UnavailableError).cause)).toMatch(/ECONNREFUSED/);
  });

  it('is no reason to wait where the server says no for good', async () => {
    await scene.server.witness.query('DROP ROLE IF EXISTS nobody');
    const causeOf = async (config: object, options = {}): Promise<string> => {
      const lock = scene.lock('a', { patience: Infinity, ...options }, scene.server.port, config);
      const error = await new Waiter(lock).failed();
      expect(error).toBeInstanceOf(UnavailableError);
      expect((error as Error).message).toBe('cannot acquire postgres lock "a": the server refuses');
      return String((error as UnavailableError).cause);
    };
    expect(await causeOf({ database: 'missing' })).toMatch(/database "missing" does not exist/);
    expect(await causeOf({ user: 'nobody' })).toMatch(/role "nobody" does not exist/);
    expect(await causeOf({}, { fence: { table: 'missing' } })).toMatch(/relation "missing" does not exist/);
    await scene.held(0);
  });

  it('is no reason to wait where its function makes no client', async () => {
    const failing = scene.lockOf(() => {
      throw new Error('no');
    }, 'a');
    const error = await new Waiter(failing).failed();
    expect((error as Error).message).toBe('cannot acquire postgres lock "a": its function made no client of pg');
    expect(((error as UnavailableError).cause as Error).cause).toEqual(new Error('no'));
  });

  it('is no loss for a caller that comes when an unneeded session has just ended', async () => {
    const lock = scene.lock('a');
    await lock.run(() => undefined);
    const [session] = await scene.server.sessions();
    await scene.server.terminate(session?.pid ?? 0);
    await eventually(async () => (await scene.server.sessions()).length === 0);
    expect((await hold(lock)).lost).toBe(false);
  });

  it('is none where the server cannot look for its clients', async () => {
    const connect = interceptedTo(scene.server.port, (text, ask) =>
      text.includes('client_connection_check_interval') ? ask(`SELECT set_config('no_such_setting', '1', false)`) : ask(),
    );
    expect((await hold(scene.lockOf(connect, 'a'))).lost).toBe(false);
  });

  it('throws nothing that nobody handles', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const network = await scene.proxy();
    const [a, b] = [scene.lock('a', { lease: 400 }, network.port), scene.lock('a', {}, network.port)];
    const permit = await hold(a);
    const waiter = new Waiter(b);
    await scene.waiting(1);
    network.cut();
    await eventually(() => permit.lost && network.refused > 3);
    network.mend();
    permit.release();
    expect((await waiter.granted()).lost).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
