import { createBackend } from './backend';
import type { LogEntry } from './contract';
import { delay } from './latency';

describe('the session of a run', () => {
  beforeEach(() => {
    // The latencies pass in virtual time, in their order.
    jasmine.clock().install().autoTick();
  });
  afterEach(() => {
    jasmine.clock().uninstall();
  });

  /** A run whose access token has expired. */
  const begin = async (trouble: string) => {
    const backend = createBackend(() => ({ kind: 'worker', origins: [], log: '' }));
    const post = async (path: string, body: object) => backend.request(path, { method: 'POST', body: JSON.stringify(body) });
    const { id } = (await (await post('/api/runs', { seed: 1 })).json()) as { id: string };
    const { refresh } = (await (await post(`/api/runs/${id}/session`, { trouble })).json()) as { refresh: string };
    return {
      get: async (item: number) => backend.request(`/api/runs/${id}/items/${String(item)}`),
      refresh: () => post(`/api/runs/${id}/session/refresh`, { refresh }),
      answers: async () => {
        const log = (await (await backend.request(`/api/runs/${id}/log.json`)).json()) as LogEntry[];
        return log
          .filter(({ kind, request }) => kind === 'answered' && request !== 'POST /session')
          .map(({ request, status }) => `${request} ${String(status)}`);
      },
    };
  };

  it('refuses the first item before a refresh, and the others while it goes on', async () => {
    const { get, refresh, answers } = await begin('none');
    const others = [get(2), get(20)];
    await get(1);
    await delay(500);
    expect(await answers()).toEqual(['GET /items/1 401']);
    await Promise.all([refresh(), ...others]);

    const [, ...rest] = await answers();
    expect(rest).toEqual(jasmine.arrayWithExactContents(['GET /items/2 401', 'GET /items/20 401', 'POST /session/refresh 200']));
    expect(rest.at(-1)).toBe('POST /session/refresh 200');
  });

  it('refuses the last item after the refresh, if that is the trouble', async () => {
    const { get, refresh, answers } = await begin('late-401');
    await Promise.all([get(20), get(1).then(refresh)]);

    expect(await answers()).toEqual(['GET /items/1 401', 'POST /session/refresh 200', 'GET /items/20 401']);
  });

  it('refuses every item in the end, if there is no refresh', async () => {
    for (const trouble of ['none', 'late-401']) {
      const { get } = await begin(trouble);
      expect([(await get(2)).status, (await get(20)).status]).toEqual([401, 401]);
    }
  });
});
