import { Client } from 'pg';
import { firstValueFrom } from 'rxjs';
import { UnavailableError } from 'rxjs-locks';
import { PostgresLock } from 'rxjs-locks/postgres';

import { hold, Waiter } from '../scene.node.js';
import { PostgresScene } from './postgres-scene.node.js';
import { Pooler, type PoolMode } from './postgres-server.node.js';

describe('The client of a lock at PostgreSQL', () => {
  const scene = new PostgresScene();

  async function pooler(mode: PoolMode): Promise<number> {
    const made = await Pooler.to(scene.server.port, mode);
    scene.after(() => made.stop());
    return made.port;
  }

  it('can read numbers as it likes', async () => {
    const types = { getTypeParser: (type: number) => (text: string) => (type === 25 ? text : 'a number') };
    const permit = await hold(scene.lock('a', {}, scene.server.port, { types, options: '-c search_path=nowhere' }));
    expect(permit.token > 2n ** 50n).toBe(true);
    expect(await firstValueFrom(scene.lock('a').tryAcquire())).toBeNull();
  });

  it('is refused behind a pooler, with what to do, and sets nothing there', async () => {
    const port = await pooler('transaction');
    const error = await new Waiter(scene.lock('a', { patience: Infinity }, port)).failed();
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as Error).message).toBe(
      'cannot acquire postgres lock "a": a pooler is in between: connect to the server itself, or set pooler to "session" if the ' +
        'pooler keeps a session for each client',
    );
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
    await client.connect();
    const { rows } = await client.query('SHOW idle_session_timeout');
    expect(rows).toEqual([{ idle_session_timeout: '0' }]);
    await client.end();
  });

  it('can be behind a pooler that keeps sessions', async () => {
    const port = await pooler('session');
    const [a, b] = [scene.lock('a', { pooler: 'session' }, port), scene.lock('a', { pooler: 'session' }, port)];
    const permit = await hold(a);
    const waiter = new Waiter(b);
    await scene.waiting(1);
    permit.release();
    expect((await waiter.granted()).token > permit.token).toBe(true);
  });

  it('is refused at a standby, which has locks of its own', async () => {
    const standby = await scene.server.standby();
    scene.after(() => standby.stop());
    const error = await new Waiter(scene.lock('a', { patience: Infinity }, standby.port)).failed();
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as Error).message).toBe(
      'cannot acquire postgres lock "a": the server is a standby, which has locks of its own: connect to the primary',
    );
  }, 30_000);

  it('is made once for all locks of a name, and once for each name', async () => {
    let clients = 0;
    const connect = (): Client => {
      clients++;
      return new Client({ host: '127.0.0.1', port: scene.server.port, user: 'postgres', application_name: 'locks' });
    };
    const locks = ['a', 'a', 'b'].map((name) => scene.lockOf(connect, name));
    await Promise.all(locks.map((lock) => lock.run(() => undefined)));
    expect(clients).toBe(2);
    await hold(scene.lockOf(connect, 'a', { lease: 10_000 })); // with other terms
    expect(clients).toBe(3);
  });

  it('gets no weight that is never granted', async () => {
    const lock = scene.lock('a');
    expect(await new Waiter(lock, 2).failed()).toEqual(
      new RangeError('cannot acquire 2 of postgres lock "a": it has no weights'),
    );
    expect(() => lock.acquire(1.5)).toThrowError(RangeError);
    expect(await scene.server.sessions()).toEqual([]);
  });

  describe('is checked when a lock is made, with the other arguments:', () => {
    const make = (changes: {
      readonly connect?: unknown;
      readonly name?: unknown;
      readonly options?: object;
    }): (() => unknown) => {
      const all = { connect: () => new Client(), name: 'a', options: {}, ...changes };
      return () => new PostgresLock(all.connect as () => Client, all.name as string, all.options);
    };

    for (const [title, given] of Object.entries({ undefined, 'an address': 'postgres://', 'a client': new Client() })) {
      it(`a function must not be ${title}`, () => {
        expect(make({ connect: given })).toThrowError(
          TypeError,
          /^PostgresLock needs a function that makes a client of pg, but got /,
        );
      });
    }

    for (const given of [undefined, '', 3, null]) {
      it(`a name must not be ${JSON.stringify(given)}`, () => {
        expect(make({ name: given })).toThrowError(
          TypeError,
          /^the name of a PostgresLock must be a string that is not empty, but is /,
        );
      });
    }

    for (const [option, values] of Object.entries({
      lease: [0, 99, -1, 100.5, NaN, Infinity, '1000', 43_200_001],
      patience: [-1, NaN, -Infinity, '50'],
      key: [0, 1.5, NaN, Infinity, '7', 2n ** 63n, -(2n ** 63n) - 1n],
      pooler: ['transaction', 0, true],
      fence: ['table', 0, true, {}, { table: '' }, { table: 3 }, { table: 'a b' }, { table: 'a; DROP' }, { table: '"a"' }],
    })) {
      for (const given of values) {
        const title = typeof given === 'object' ? JSON.stringify(given) : String(given);
        it(`${option} must not be ${title}, a ${typeof given}`, () => {
          expect(make({ options: { [option]: given } })).toThrowError(RangeError, new RegExp(`^${option} must be .*, but is `));
        });
      }
    }

    it('there are no other options', () => {
      expect(make({ options: { poll: 3 } })).toThrowError(
        TypeError,
        'PostgresLock takes no option poll: it takes lease, patience, key, pooler, fence',
      );
    });

    it('all options can be given', () => {
      const options = { lease: 100, patience: Infinity, key: 2n ** 63n - 1n, pooler: 'session', fence: { table: 'app.fences' } };
      expect(String(make({ options })())).toBe('postgres lock "a"');
      expect(String(make({ options: { patience: 0, key: 0n, pooler: 'none', fence: 'clock' } })())).toBe('postgres lock "a"');
    });
  });
});
