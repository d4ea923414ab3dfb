import { createBackend } from './backend';
import { type LogEntry, type Run, unitBytes } from './contract';

/** One run of a backend without a network. */
async function beginRun(): Promise<{
  put: (path: string, body: string) => Promise<Response>;
  get: (path: string) => Promise<Response>;
  log: () => Promise<string[]>;
}> {
  const backend = createBackend(() => ({ kind: 'server', origins: [], log: '' }));
  const begun = await backend.request('/api/runs', { method: 'POST', body: '{ "seed": 1 }' });
  const { id } = (await begun.json()) as Run;
  const request = async (method: string, path: string, body?: string): Promise<Response> =>
    backend.request(`/api/runs/${id}${path}`, { method, ...(body !== undefined && { body }) });
  return {
    put: (path, body) => request('PUT', path, body),
    get: (path) => request('GET', path),
    log: async () => {
      const entries = (await (await request('GET', '/log.json')).json()) as LogEntry[];
      return entries.map(({ request, kind, text, status }) => [request, kind, text ?? status].filter(Boolean).join(' '));
    },
  };
}

const chunk = (units: number): string => 'x'.repeat(units * unitBytes);

describe('The uploads of the backend', () => {
  it('weigh one unit for each 4 kB, and are refused above the capacity, at once', async () => {
    const { put, get, log } = await beginRun();
    const first = [put('/uploads/1/chunks/1', chunk(3)), put('/uploads/2/chunks/1', chunk(3)), put('/profile', '{}')];
    const second = await put('/uploads/3/chunks/1', `${chunk(1)}x`);

    expect(second.status).toBe(503);
    expect((await log()).slice(-3)).toEqual([
      'PUT /uploads/3/chunks/1 arrived',
      'PUT /uploads/3/chunks/1 damage refused: 9 at once',
      'PUT /uploads/3/chunks/1 answered 503',
    ]);
    const preview = get('/previews/1');
    expect((await Promise.all([...first, preview])).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await put('/uploads/3/chunks/1', chunk(2))).status).toBe(200);
  });

  it('have the capacity that the page sets, which the log does not mention', async () => {
    const { put, log } = await beginRun();

    expect((await put('/capacity', '{ "units": 2 }')).status).toBe(200);
    expect((await put('/uploads/1/chunks/1', chunk(3))).status).toBe(503);
    expect((await put('/capacity', '{ "units": 3 }')).status).toBe(200);
    expect((await put('/uploads/1/chunks/1', chunk(3))).status).toBe(200);
    expect((await log()).some((line) => line.includes('capacity'))).toBeFalse();
  });

  it('refuse malformed requests, which are not in the log', async () => {
    const { put, get, log } = await beginRun();
    const answers = [
      put('/capacity', '{ "units": 0 }'),
      put('/capacity', '{ "units": 65 }'),
      put('/capacity', '[]'),
      put('/uploads/0/chunks/1', ''),
      put('/uploads/1/chunks/x', ''),
      get('/previews/1.5'),
      put('/uploads/1/chunks/1', `${chunk(3)}x`),
    ];

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400, 413]);
    expect(await log()).toEqual([]);
  });
});
