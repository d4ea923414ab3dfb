import { listen, type RunningServer } from '../server/server';
import { createBackend } from './backend';
import type { LogEntry } from './contract';

const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe('the line of a run', () => {
  let server: RunningServer;

  beforeEach(async () => {
    server = await listen();
  });

  afterEach(async () => {
    await server.close();
  });

  const begin = async (): Promise<string> => {
    const { id } = (await (await fetch(`${server.url}/api/runs`, json('POST', { seed: 1 }))).json()) as { id: string };
    return `${server.url}/api/runs/${id}`;
  };
  const kinds = async (run: string): Promise<string[]> =>
    ((await (await fetch(`${run}/log.json`)).json()) as LogEntry[]).map(({ request, kind }) => `${request} ${kind}`);

  it('breaks the connections of its own run, until it is mended', async () => {
    const [cut, other] = [await begin(), await begin()];
    await fetch(`${cut}/line`, json('PUT', { up: false }));
    await expectAsync(fetch(`${cut}/notes/1`, json('POST', { text: 'a' }))).toBeRejectedWithError(TypeError);
    expect((await fetch(`${other}/notes/1`, json('POST', { text: 'a' }))).status).toBe(201);
    await fetch(`${cut}/line`, json('PUT', { up: true }));
    expect((await fetch(`${cut}/notes/1`, json('POST', { text: 'a' }))).status).toBe(201);

    expect(await kinds(cut)).toEqual([
      'PUT /line note',
      'POST /notes/1 cut',
      'PUT /line note',
      'POST /notes/1 arrived',
      'POST /notes/1 answered',
    ]);
  });

  it('loses the answer of a request that was on its way', async () => {
    const run = await begin();
    const answer = fetch(`${run}/notes/3`, json('POST', { text: 'a' })); // the slow one
    while ((await kinds(run)).length === 0);
    await fetch(`${run}/line`, json('PUT', { up: false }));
    await expectAsync(answer).toBeRejectedWithError(TypeError);

    expect(await kinds(run)).toEqual(['POST /notes/3 arrived', 'PUT /line note', 'POST /notes/3 answered', 'POST /notes/3 cut']);
  });

  it('refuses a state that is neither up nor down', async () => {
    expect((await fetch(`${await begin()}/line`, json('PUT', { up: 'yes' }))).status).toBe(400);
  });

  it('is a network error where there are no sockets, as in a service worker', async () => {
    const backend = createBackend(() => ({ kind: 'worker', origins: [], log: '' }));
    const { id } = (await (await backend.request('/api/runs', json('POST', { seed: 1 }))).json()) as { id: string };
    await backend.request(`/api/runs/${id}/line`, json('PUT', { up: false }));
    const response = await backend.request(`/api/runs/${id}/news`);

    expect(response.type).toBe('error');
  });
});

describe('the notes of a run', () => {
  it('tell what came late, and what came twice', async () => {
    const backend = createBackend(() => ({ kind: 'worker', origins: [], log: '' }));
    const { id } = (await (await backend.request('/api/runs', json('POST', { seed: 1 }))).json()) as { id: string };
    for (const note of [1, 4, 2, 4]) {
      await backend.request(`/api/runs/${id}/notes/${String(note)}`, json('POST', { text: 'a' }));
    }
    const log = (await (await backend.request(`/api/runs/${id}/log.json`)).json()) as LogEntry[];

    expect(log.filter(({ kind }) => kind === 'damage').map(({ text }) => text)).toEqual(['came after note 4', 'came twice']);
  });
});
