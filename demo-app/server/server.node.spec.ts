import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Hosts, LogEntry, Run } from '../backend/contract';
import { listen, type RunningServer } from './server';

describe('listen', () => {
  let pages: string;
  let server: RunningServer;

  beforeAll(async () => {
    pages = await mkdtemp(join(tmpdir(), 'pages-'));
    await mkdir(join(pages, 'docs'));
    await writeFile(join(pages, 'index.html'), '<title>the pages</title>');
    await writeFile(join(pages, 'main-ABCD1234.js'), '// '.padEnd(2_000, 'x'));
    await writeFile(join(pages, 'docs/angular.md'), '# é ─►');
    server = await listen({ pages });
  });
  afterAll(async () => {
    await server.close();
    await rm(pages, { recursive: true });
  });

  const get = (path: string) => fetch(server.url + path);

  it('answers at further origins, so that a browser can keep more than six requests in flight', async () => {
    const { kind, origins, log } = (await (await get('/api/hosts')).json()) as Hosts;
    expect(kind).toBe('server');
    expect(new Set([server.url, ...origins, log]).size).toBe(6);
    for (const origin of [...origins, log]) expect((await fetch(`${origin}/api/hosts`)).status).toBe(200);
  });

  it('goes on with a save when its client hangs up', async () => {
    const { id } = (await (await fetch(`${server.url}/api/runs`, { method: 'POST', body: '{ "seed": 1 }' })).json()) as Run;
    const log = async (): Promise<string[]> => {
      const entries = (await (await get(`/api/runs/${id}/log.json`)).json()) as LogEntry[];
      return entries.map(({ kind }) => kind);
    };
    const client = new AbortController();
    const save = fetch(`${server.url}/api/runs/${id}/documents/1/edits/3`, {
      method: 'PUT',
      body: '{ "text": "" }',
      signal: client.signal,
    });
    while ((await log()).length === 0);
    client.abort();
    await expectAsync(save).toBeRejected();
    while (!(await log()).includes('answered'));

    expect(await log()).toEqual(['arrived', 'answered']);
  });

  it('serves the page at each address that is not of a file', async () => {
    for (const path of ['/', '/stale-saves', '/a/deep/address?seed=1']) {
      const response = await get(path);

      expect(await response.text()).toBe('<title>the pages</title>');
      expect(response.headers.get('content-type')?.toLowerCase()).toBe('text/html; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('has no page at the address of a file that is missing, such as a service worker', async () => {
    for (const path of ['/server-worker.js', '/chunk-ABCD1234.js']) {
      const response = await get(path);

      expect(response.status).toBe(404);
      expect(response.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('compresses a file, and lets a browser keep it if its name has a hash', async () => {
    const { headers } = await get('/main-ABCD1234.js');

    expect(headers.get('content-encoding')).toBe('gzip');
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('tells the charset of documents', async () => {
    const response = await get('/docs/angular.md');

    expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(await response.text()).toBe('# é ─►');
  });

  it('serves documents without pages too, for a development server', async () => {
    const backend = await listen({ documents: pages });
    try {
      const response = await fetch(`${backend.url}/docs/angular.md`);

      expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
      expect(await response.text()).toBe('# é ─►');
      expect((await fetch(`${backend.url}/index.html`)).status).toBe(404);
    } finally {
      await backend.close();
    }
  });
});
