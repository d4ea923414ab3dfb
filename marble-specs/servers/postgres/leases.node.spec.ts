import type { LockLostError } from 'rxjs-locks';

import { blockUntil, eventually } from '../eventually.node.js';
import { hold, Waiter } from '../scene.node.js';
import { PostgresScene } from './postgres-scene.node.js';
import { interceptedTo } from './postgres-server.node.js';

/** What the server is asked to keep a session. */
const beat = 'SELECT pg_backend_pid()::text AS pid';

describe('A lease at PostgreSQL', () => {
  const scene = new PostgresScene();

  /** Waits until the clock of the process has passed. */
  async function passed(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    await eventually(() => performance.now() > until);
  }

  it('is renewed for as long as it is held', async () => {
    const lock = scene.lock('a', { lease: 300 });
    const permit = await hold(lock);
    await passed(900);
    expect([permit.lost, await scene.server.held()]).toEqual([false, 1]);
  });

  it('is a setting of the session, and no other limit ends a wait', async () => {
    await scene.server.witness.query(`DROP ROLE IF EXISTS limited`);
    await scene.server.witness.query(`CREATE ROLE limited LOGIN`);
    for (const setting of ['lock_timeout', 'statement_timeout']) {
      await scene.server.witness.query(`ALTER ROLE limited SET ${setting} = 50`);
    }
    const permit = await hold(scene.lock('a'));
    const waiter = new Waiter(scene.lock('a', { lease: 1234 }, scene.server.port, { user: 'limited' }));
    await scene.waiting(1);
    const sessions = await scene.server.sessions();
    await passed(300);
    expect(await scene.server.sessions()).toEqual(sessions);
    permit.release();
    expect((await waiter.granted()).lost).toBe(false);
  });

  it('ends at the server, which ends the session, when the network is stalled: after the holder has heard', async () => {
    const network = await scene.proxy();
    const [lock, other] = [scene.lock('a', { lease: 900 }, network.port), scene.lock('a', { lease: 900 })];
    const record: string[] = [];
    const permit = await hold(lock);
    permit.lost$.subscribe(() => record.push('lost'));
    const waiter = new Waiter(other, 1, () => record.push('granted'));
    await scene.waiting(1);
    network.stall();
    expect((await waiter.granted()).token > permit.token).toBe(true);
    expect(record).toEqual(['lost', 'granted']);
  });

  it('counts from the sending of the request that has confirmed it', async () => {
    const network = await scene.proxy();
    const lock = scene.lock('a', { lease: 1000 }, network.port);
    const permit = await hold(lock);
    await passed(100);
    network.stall();
    await passed(800); // a beat is on its way, and the deadline is that of the grant
    expect(permit.lost).toBe(false);
    await passed(100);
    expect(permit.lost).toBe(true);
  });

  it('counts from the sending of a beat, though its answer comes late', async () => {
    let sentAt = 0;
    const connect = interceptedTo(scene.server.port, async (text, ask) => {
      const isFirst = text === beat && sentAt === 0;
      sentAt = isFirst ? performance.now() : sentAt;
      const answer = await ask();
      if (isFirst) {
        await passed(400);
      } else if (text === beat) {
        await new Promise(() => undefined); // the server has heard it, and keeps the session
      }
      return answer;
    });
    const permit = await hold(scene.lockOf(connect, 'a', { lease: 900 }));
    const grantedAt = performance.now();
    await passed(900);
    expect([permit.lost, sentAt > grantedAt]).toEqual([false, true]); // the beat has confirmed it
    await passed(sentAt + 900 - performance.now());
    expect(permit.lost).toBe(true);
  });

  it('is not told if it can have ended on its way: it is confirmed again', async () => {
    const tokens: unknown[] = [];
    const connect = interceptedTo(scene.server.port, async (text, ask) => {
      const answer = await ask();
      if (text.includes('AS token')) {
        tokens.push((answer.rows[0] as { token: string }).token);
        blockUntil(performance.now() + (tokens.length === 1 ? 400 : 0));
      }
      return answer;
    });
    const permit = await hold(scene.lockOf(connect, 'a', { lease: 400 }));
    expect([permit.lost, tokens.length]).toEqual([false, 2]);
    expect(String(permit.token)).toBe(String(tokens[1]));
  });

  it('is lost in the next line, after the process was blocked for longer', async () => {
    const lock = scene.lock('a', { lease: 300 });
    const permit = await hold(lock);
    const { signal } = permit;
    const heard: Error[] = [];
    permit.lost$.subscribe((error) => heard.push(error));
    const wasLost = permit.lost;
    blockUntil(performance.now() + 300);
    expect([wasLost, permit.lost, permit.released, signal.aborted]).toEqual([false, true, true, true]);
    expect(heard.map(({ message }) => message)).toEqual([
      'lost postgres lock "a": its lease ended before the server confirmed it again',
    ]);
    await scene.held(0); // it has left
  });

  it('is lost when its connection ends, at once', async () => {
    const network = await scene.proxy();
    const lock = scene.lock('a', { lease: 43_200_000 }, network.port);
    const permit = await hold(lock);
    network.cut();
    await eventually(() => permit.lost);
    await scene.held(0);
    expect(permit.released).toBe(true);
  });

  it('is lost when another process of the server answers', async () => {
    let makesUp = false;
    const connect = interceptedTo(scene.server.port, async (text, ask) => {
      const answer = await ask();
      return makesUp && text === beat ? { rows: [{ pid: '1' }] } : answer;
    });
    const lock = scene.lockOf(connect, 'a', { lease: 600 });
    const permit = await hold(lock);
    makesUp = true;
    const reasons: Error[] = [];
    permit.lost$.subscribe((reason) => reasons.push(reason));
    await eventually(() => reasons.length > 0);
    expect(reasons.map(({ message }) => message)).toEqual(['lost postgres lock "a": its session at the server has ended']);
    expect(String((reasons[0] as LockLostError).cause)).toBe(
      'Error: another process of the server answers, so a pooler in between keeps no sessions',
    );
    await scene.held(0);
  });

  it('survives a beat that the server has cancelled', async () => {
    let cancels = 1;
    const connect = interceptedTo(scene.server.port, (text, ask) =>
      text === beat && cancels-- > 0 ? ask('SELECT 1 / 0') : ask(),
    );
    const permit = await hold(scene.lockOf(connect, 'a', { lease: 900 }));
    await passed(1500);
    expect([permit.lost, cancels < 0]).toEqual([false, true]);
  });

  it('does not depend on the clock of a process', async () => {
    const [lock, other] = scene.locks('a', { lease: 1000 });
    const permit = await hold(lock);
    const real = Date.now;
    try {
      for (const hours of [1, -1]) {
        Date.now = () => real.call(Date) + hours * 3_600_000;
        const waiter = new Waiter(other);
        await scene.waiting(1);
        expect([waiter.isTold, permit.lost]).toEqual([false, false]);
        waiter.leave();
        await scene.waiting(0);
      }
    } finally {
      Date.now = real;
    }
  });

  describe('has a token', () => {
    const createTable = `DROP TABLE IF EXISTS fences; CREATE TABLE fences (key bigint PRIMARY KEY, token bigint NOT NULL)`;

    it('of the clock of the server, which rises with every grant, whoever is granted', async () => {
      const locks = scene.locks('a');
      const before = await scene.server.clock();
      const tokens: bigint[] = [];
      for (let round = 0; round < 30; round++) {
        await locks[round % 3]?.run(({ token }) => {
          tokens.push(token);
        });
      }
      tokens.push(await scene.server.clock());
      expect(tokens.every((token, index) => token > (tokens[index - 1] ?? before))).toBe(true);
    });

    it('of a table, which rises where the clock of the server was ahead', async () => {
      await scene.server.witness.query(createTable);
      const lock = scene.lock('a', { fence: { table: 'fences' }, key: -5n });
      const first = await lock.run(({ token }) => token);
      await scene.server.witness.query('UPDATE fences SET token = $1 WHERE key = -5', [String(2n ** 62n)]);
      const tokens = [await lock.run(({ token }) => token), await lock.run(({ token }) => token)];
      expect(tokens).toEqual([2n ** 62n + 1n, 2n ** 62n + 2n]);
      expect(first > 2n ** 50n).toBe(true);
      const { rows } = await scene.server.witness.query('SELECT key::text, token::text FROM fences');
      expect(rows).toEqual([{ key: '-5', token: String(2n ** 62n + 2n) }]);
    });

    it('of a table, of each key for itself', async () => {
      await scene.server.witness.query(createTable);
      const [a, b] = [
        scene.lock('a', { fence: { table: 'public.fences' } }),
        scene.lock('b', { fence: { table: 'public.fences' } }),
      ];
      await Promise.all([a.run(() => undefined), b.run(() => undefined)]);
      const { rows } = await scene.server.witness.query('SELECT FROM fences');
      expect(rows).toHaveSize(2);
    });
  });
});
