import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from './client';
import { listen, type RunningServer } from './server';

describe('the backend', () => {
  let server: RunningServer;
  let client: Client;

  beforeAll(async () => {
    server = await listen();
    client = new Client(server.url);
  });

  afterAll(() => server.close());

  describe('documents', () => {
    it('are stale after twenty saves without a lock', async () => {
      const { id } = await client.begin(7);
      const saves: Promise<Response>[] = [];
      for (let revision = 1; revision <= 20; revision++) {
        saves.push(client.save(id, revision));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const statuses = (await Promise.all(saves)).map((response) => response.status);
      const report = await client.document(id);

      expect(new Set(statuses)).toEqual(new Set([200]));
      expect(report.newest).toBe(20);
      expect(report.revision).toBe(19);
      expect(report.text).toBe('revision 19');
      expect(report.lateSaves).toBeGreaterThanOrEqual(5);
      expect(report.log.map((entry) => entry.revision)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    });

    it('keep each save if saves run one at a time', async () => {
      const { id } = await client.begin(7);
      for (const revision of [1, 2, 3, 4]) await client.save(id, revision);
      const report = await client.document(id);

      expect([report.revision, report.newest, report.lateSaves]).toEqual([4, 4, 0]);
    });

    it('do not store a save with fail=true', async () => {
      const { id } = await client.begin();
      await client.save(id, 1);
      const refused = await client.save(id, 2, '&fail=true');

      expect(refused.status).toBe(503);
      expect(await refused.json()).toEqual({
        error: { status: 503, message: 'the server refused revision 2, as it was asked to' },
      });
      const report = await client.document(id);
      expect([report.revision, report.newest]).toEqual([1, 1]);
      expect(report.log.map((entry) => entry.outcome)).toEqual(['committed', 'failed']);
    });

    it('do not store a save whose client closed the connection', async () => {
      const { id } = await client.begin();
      const closed = new AbortController();
      const save = fetch(`${server.url}/api/documents/1?run=${id}`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ revision: 1, text: 'lost' }),
        signal: closed.signal,
      });
      while ((await client.document(id)).log.length === 0);
      closed.abort();
      await expectAsync(save).toBeRejected();
      let outcome: string | undefined;
      do outcome = (await client.document(id)).log[0]?.outcome;
      while (outcome === 'pending');

      expect(outcome).toBe('aborted');
    });

    it('are separate for each run', async () => {
      const [first, second] = [await client.begin(), await client.begin()];
      await client.save(first.id, 1);

      expect((await client.document(second.id)).log).toEqual([]);
    });

    it('are deleted when their run is reset, which keeps its seed', async () => {
      const { id } = await client.begin(3);
      await client.save(id, 1);
      const latency = (await client.document(id)).log[0]?.latency;
      expect((await client.send('DELETE', `/api/runs/${id}`)).status).toBe(204);
      expect((await client.document(id)).log).toEqual([]);
      await client.save(id, 1);

      expect((await client.document(id)).log[0]?.latency).toBe(latency);
    });
  });

  describe('downloads', () => {
    const download = async (run: string, file: number, query = '') => {
      const response = await client.send('GET', `/api/downloads/${String(file)}?run=${run}${query}`);
      return { status: response.status, bytes: (await response.arrayBuffer()).byteLength };
    };

    it('are counted, with the largest number at once', async () => {
      const { id } = await client.begin();
      const all = await Promise.all([1, 2, 3, 4, 5].map((file) => download(id, file)));
      const stats = await client.stats(id);

      expect(all).toEqual(Array.from({ length: 5 }, () => ({ status: 200, bytes: 8_192 })));
      expect([stats.largest, stats.inFlight, stats.started, stats.finished]).toEqual([5, 0, 5, 5]);
    });

    it('do not overlap for a client that downloads one file at a time', async () => {
      const { id } = await client.begin();
      for (const file of [1, 2, 3]) await download(id, file);

      expect((await client.stats(id)).largest).toBe(1);
    });

    it('with fail=true return an error, and are counted as failed', async () => {
      const { id } = await client.begin();
      const { status } = await download(id, 1, '&fail=true');
      const stats = await client.stats(id);

      expect(status).toBe(503);
      expect([stats.inFlight, stats.failed, stats.finished]).toEqual([0, 1, 0]);
    });

    it('whose client closed the connection are counted as aborted', async () => {
      const { id } = await client.begin();
      const closed = new AbortController();
      const lost = fetch(`${server.url}/api/downloads/1?run=${id}`, { signal: closed.signal });
      while ((await client.stats(id)).inFlight === 0);
      closed.abort();
      await expectAsync(lost).toBeRejected();
      while ((await client.stats(id)).inFlight > 0);

      expect((await client.stats(id)).aborted).toBe(1);
    });

    it('are counted in the response to an urgent request', async () => {
      const { id } = await client.begin();
      await download(id, 1);
      const answer = await client.send('GET', `/api/downloads/urgent?run=${id}`);

      expect(await answer.json()).toEqual({ endedBefore: 1 });
      expect((await client.stats(id)).endedBeforeUrgent).toBe(1);
    });
  });

  describe('bad input', () => {
    const cases: readonly (readonly [string, number, string, string, unknown?])[] = [
      ['a seed that is not an integer', 400, 'POST', '/api/runs', { seed: 1.5 }],
      ['a body that is not an object', 400, 'POST', '/api/runs', [1]],
      ['an unknown run', 404, 'GET', '/api/documents/1?run=unknown'],
      ['no run', 400, 'GET', '/api/documents/1'],
      ['two runs', 400, 'GET', '/api/documents/1?run=a&run=b'],
      ['an id with other characters', 400, 'GET', '/api/documents/%3Cb%3E?run=RUN'],
      ['no body', 400, 'PUT', '/api/documents/1?run=RUN'],
      ['no revision', 400, 'PUT', '/api/documents/1?run=RUN', { text: '' }],
      ['a negative revision', 400, 'PUT', '/api/documents/1?run=RUN', { revision: -1, text: '' }],
      ['a text that is not a string', 400, 'PUT', '/api/documents/1?run=RUN', { revision: 1, text: 1 }],
      ['a text that is too long', 400, 'PUT', '/api/documents/1?run=RUN', { revision: 1, text: 'x'.repeat(10_001) }],
      ['a body that is too large', 413, 'PUT', '/api/documents/1?run=RUN', { revision: 1, text: 'x'.repeat(70_000) }],
      ['a fail that is not a flag', 400, 'PUT', '/api/documents/1?run=RUN&fail=maybe', { revision: 1, text: '' }],
      ['a file that is not a number', 400, 'GET', '/api/downloads/one?run=RUN'],
      ['a file out of range', 400, 'GET', '/api/downloads/0?run=RUN'],
      ['resetting an unknown run', 404, 'DELETE', '/api/runs/unknown'],
      ['an unknown endpoint', 404, 'GET', '/api/nothing'],
      ['an unknown address without pages', 404, 'GET', '/serialize'],
    ];

    for (const [what, status, method, path, body] of cases) {
      it(`is refused as JSON: ${what}`, async () => {
        const { id } = await client.begin();
        const response = await client.send(method, path.replace('RUN', id), body);

        expect(response.status).toBe(status);
        expect(await response.json()).toEqual({ error: { status, message: jasmine.any(String) } });
      });
    }

    it('is refused as JSON: a body that is not JSON', async () => {
      const response = await fetch(`${server.url}/api/runs`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{',
      });

      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error: { status: 400, message: jasmine.any(String) } });
    });

    it('is refused: more than twenty documents in one run', async () => {
      const { id } = await client.begin();
      for (let document = 1; document <= 20; document++) {
        await client.send('GET', `/api/documents/${String(document)}?run=${id}`);
      }

      expect((await client.send('GET', `/api/documents/21?run=${id}`)).status).toBe(409);
    });
  });

  it('deletes the oldest run when there are more than two hundred', async () => {
    const first = await client.begin();
    for (let run = 0; run < 200; run++) await client.begin();

    expect((await client.send('GET', `/api/documents/1?run=${first.id}`)).status).toBe(404);
  });

  it('serves the pages at each address outside of the API', async () => {
    const pages = await mkdtemp(join(tmpdir(), 'pages-'));
    await writeFile(join(pages, 'index.html'), '<title>the pages</title>');
    const withPages = await listen({ pages });
    try {
      for (const path of ['/', '/serialize', '/limit']) {
        expect(await (await fetch(withPages.url + path)).text()).toContain('the pages');
      }
      expect((await fetch(`${withPages.url}/api/nothing`)).status).toBe(404);
    } finally {
      await withPages.close();
      await rm(pages, { recursive: true });
    }
  });

  it('refuses to start on a port that is in use', async () => {
    await expectAsync(listen({ port: server.port })).toBeRejectedWithError(/EADDRINUSE/);
  });
});
