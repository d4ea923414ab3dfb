import { createBackend } from './backend';
import type { LogEntry, Tokens } from './contract';

describe('the rotating tokens of a run', () => {
  beforeEach(() => {
    jasmine.clock().install().autoTick();
  });
  afterEach(() => {
    jasmine.clock().uninstall();
  });

  const begin = async () => {
    const backend = createBackend(() => ({ kind: 'worker', origins: [], log: '' }));
    const post = async (path: string, body: object) => backend.request(path, { method: 'POST', body: JSON.stringify(body) });
    const { id } = (await (await post('/api/runs', { seed: 1 })).json()) as { id: string };
    const run = `/api/runs/${id}`;
    return {
      expire: async (tabs: number) => (await (await post(`${run}/rotation/expire`, { tabs })).json()) as Tokens,
      profile: async (tab: number, { access }: Tokens) =>
        (await backend.request(`${run}/profile/${String(tab)}`, { headers: { Authorization: `Bearer ${access}` } })).status,
      refresh: async (tab: number, { refresh }: Tokens) => post(`${run}/rotation/refresh/${String(tab)}`, { refresh }),
      log: async () => (await (await backend.request(`${run}/log.json`)).json()) as LogEntry[],
    };
  };

  it('are refused when they have expired, and accepted when they are refreshed', async () => {
    const { expire, profile, refresh } = await begin();
    const old = await expire(1);
    expect(await profile(1, old)).toBe(401);
    const fresh = (await (await refresh(1, old)).json()) as Tokens;
    expect(await profile(1, old)).toBe(401);
    expect(await profile(1, fresh)).toBe(200);
    expect(await expire(1)).toEqual(fresh);

    expect(await profile(1, fresh)).toBe(401);
  });

  it('are refused for all tabs at one time', async () => {
    const { expire, profile, log } = await begin();
    const tokens = await expire(2);
    const first = profile(1, tokens);
    await Promise.resolve();
    expect((await log()).filter(({ kind, status }) => kind === 'answered' && status === 401)).toEqual([]);

    expect(await Promise.all([first, profile(2, tokens)])).toEqual([401, 401]);
  });

  it('are refused after a while, if a tab does not come', async () => {
    const { expire, profile } = await begin();

    expect(await profile(1, await expire(2))).toBe(401);
  });

  it('have a refresh token that works once', async () => {
    const { expire, refresh, log } = await begin();
    const tokens = await expire(2);
    const answers = await Promise.all([refresh(1, tokens), refresh(2, tokens)]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect((await log()).filter(({ kind }) => kind === 'damage').map(({ text }) => text)).toEqual([
      'the refresh token was used before',
    ]);
  });
});
