import type { Hono } from 'hono';

import { createBackend, type Host } from './backend';
import type { ApiError, Hosts, LogEntry, Run } from './contract';
import { ServerLog } from './server-log';

const hosts: Hosts = { kind: 'worker', origins: [], log: '' };

describe('createBackend', () => {
  let backend: Hono<{ Bindings: Host }>;
  beforeEach(() => {
    backend = createBackend(() => hosts);
    // The latencies pass in virtual time, in their order.
    jasmine.clock().install().autoTick();
  });
  afterEach(() => {
    jasmine.clock().uninstall();
  });

  const post = (path: string, body: string) => backend.request(path, { method: 'POST', body });
  const begin = async (seed = 1) => (await (await post('/api/runs', JSON.stringify({ seed }))).json()) as Run;
  const save = ({ id }: Run, edit: number | string, body: unknown = { text: 'text' }, document = '1') =>
    backend.request(`/api/runs/${id}/documents/${document}/edits/${String(edit)}`, { method: 'PUT', body: JSON.stringify(body) });
  const log = async ({ id }: Run) => (await (await backend.request(`/api/runs/${id}/log.json`)).json()) as LogEntry[];
  const lines = (entries: readonly LogEntry[]) =>
    entries.map(({ kind, request, text }) => [kind, request, text ?? ''].join(' ').trim());
  const problem = async (response: Response | Promise<Response>) => {
    const { status, headers } = await response;
    const { error } = (await (await response).json()) as ApiError;
    expect(error.status).toBe(status);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    return `${String(status)}: ${error.message}`;
  };

  it('tells where it can be reached', async () => {
    expect(await (await backend.request('/api/hosts')).json()).toEqual(hosts);
  });

  it('begins a run with its seed', async () => {
    const response = await post('/api/runs', '{ "seed": 7 }');
    const { id, seed } = (await response.json()) as Run;

    expect(response.status).toBe(201);
    expect(seed).toBe(7);
    expect((await begin()).id).not.toBe(id);
  });

  it('refuses a seed that is not an integer of 32 bits', async () => {
    for (const body of [
      '{}',
      '{ "seed": -1 }',
      '{ "seed": 4294967296 }',
      '{ "seed": 1.5 }',
      '{ "seed": "x" }',
      '{ "seed": null }',
    ]) {
      expect(await problem(post('/api/runs', body)))
        .withContext(body)
        .toBe('400: seed must be an integer from 0 to 4294967295');
    }
  });

  it('refuses a body that is not a JSON object', async () => {
    for (const body of ['null', '[]', '"text"', '1']) {
      expect(await problem(post('/api/runs', body))).toBe('400: the body must be a JSON object');
    }
    for (const body of ['', '{', 'text']) {
      expect(await problem(post('/api/runs', body))).toBe('400: the body must be JSON');
    }
  });

  it('has no run of an unknown name, and no other address', async () => {
    const unknown = '404: there is no run x: POST /api/runs begins one';
    for (const path of ['log', 'log.json', 'documents/1/edits/1', 'nowhere']) {
      expect(await problem(backend.request(`/api/runs/x/${path}`, { method: path.startsWith('d') ? 'PUT' : 'GET' })))
        .withContext(path)
        .toBe(unknown);
    }
    expect(await problem(backend.request('/api/nowhere'))).toBe('404: there is no GET /api/nowhere');
    expect(await problem(backend.request('/api/runs'))).toBe('404: there is no GET /api/runs');
  });

  it('keeps the latest 200 runs', async () => {
    const first = await begin();
    for (let count = 1; count < 200; count++) await begin();
    expect(await log(first)).toEqual([]);
    await begin();

    expect(await problem(backend.request(`/api/runs/${first.id}/log.json`))).toContain('404: there is no run');
  });

  it('keeps the runs apart', async () => {
    const [one, other] = [await begin(), await begin()];
    await save(one, 2);
    await save(other, 1);

    expect(lines(await log(other))).toEqual(['arrived PUT /documents/1/edits/1', 'answered PUT /documents/1/edits/1']);
  });

  it('answers below any path', async () => {
    const response = await post('/api/docs/demo/api/runs', '{ "seed": 1 }');
    const { id } = (await response.json()) as Run;
    const path = `/api/docs/demo/api/runs/${id}`;
    await backend.request(`${path}/documents/1/edits/1`, { method: 'PUT', body: '{ "text": "" }' });

    expect(lines((await (await backend.request(`${path}/log.json`)).json()) as LogEntry[])).toEqual([
      'arrived PUT /documents/1/edits/1',
      'answered PUT /documents/1/edits/1',
    ]);
  });

  describe('saving a document', () => {
    it('answers with the edit', async () => {
      const response = await save(await begin(), 5);

      expect([response.status, await response.json()]).toEqual([200, { edit: 5 }]);
    });

    it('commits the 11th edit after the 12th, and logs the damage before the answer', async () => {
      for (const seed of [0, 1, 2, 12_345, 2 ** 32 - 1]) {
        const run = await begin(seed);
        await Promise.all([save(run, 11), save(run, 12)]);
        const entries = await log(run);

        expect(lines(entries)).toEqual([
          'arrived PUT /documents/1/edits/11',
          'arrived PUT /documents/1/edits/12',
          'answered PUT /documents/1/edits/12',
          'damage PUT /documents/1/edits/11 overwrote edit 12',
          'answered PUT /documents/1/edits/11',
        ]);
        expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
        expect(entries.map(({ status }) => status)).toEqual([undefined, undefined, 200, undefined, 200]);
      }
    });

    it('does not compare the edits of different documents', async () => {
      const run = await begin();
      await save(run, 2, { text: '' }, '1');
      await save(run, 1, { text: '' }, '2');

      expect((await log(run)).map(({ kind }) => kind)).not.toContain('damage');
    });

    it('remembers twenty documents', async () => {
      const run = await begin();
      for (let document = 1; document <= 21; document++) {
        await save(run, 2, { text: '' }, String(document));
        await save(run, 1, { text: '' }, String(document));
      }

      expect((await log(run)).filter(({ kind }) => kind === 'damage').length).toBe(20);
    });

    it('refuses wrong input before it arrives in the log', async () => {
      const run = await begin();
      for (const edit of ['0', '1000001', 'x', '1.5']) {
        expect(await problem(save(run, edit))).toBe('400: edit must be an integer from 1 to 1000000');
      }
      for (const body of [{}, { text: 1 }, { text: 'x'.repeat(10_001) }]) {
        expect(await problem(save(run, 1, body))).toBe('400: text must be a string of at most 10000 characters');
      }

      expect(await log(run)).toEqual([]);
    });
  });

  describe('the log as server-sent events', () => {
    /** The lines of the stream, read one at a time. */
    const listen = async ({ id }: Run) => {
      const tasks: Promise<void>[] = [];
      const response = await backend.request(`/api/runs/${id}/log`, {}, { waitUntil: (task: Promise<void>) => tasks.push(task) });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      if (reader === undefined) throw new Error('the log has no body');
      let buffer = '';
      return {
        tasks,
        leave: () => reader.cancel(),
        next: async () => {
          while (!buffer.includes('\n\n')) buffer += (await reader.read()).value ?? '';
          const [event = ''] = buffer.split('\n\n', 1);
          buffer = buffer.slice(event.length + 2);
          return JSON.parse(event.replace(/^data: /, '')) as LogEntry;
        },
      };
    };

    it('has all lines from the first one on, and each further line when it is added', async () => {
      const run = await begin();
      await save(run, 1);
      const listener = await listen(run);
      expect(lines([await listener.next(), await listener.next()])).toEqual([
        'arrived PUT /documents/1/edits/1',
        'answered PUT /documents/1/edits/1',
      ]);
      const saved = save(run, 2);
      expect(lines([await listener.next()])).toEqual(['arrived PUT /documents/1/edits/2']);
      await saved;
      expect(lines([await listener.next()])).toEqual(['answered PUT /documents/1/edits/2']);
      await listener.leave();
    });

    it('forgets a listener that leaves', async () => {
      const stop = jasmine.createSpy('stop');
      spyOn(ServerLog.prototype, 'listen').and.returnValue(stop);
      const listener = await listen(await begin());
      expect(stop).not.toHaveBeenCalled();
      await listener.leave();

      expect(stop).toHaveBeenCalledTimes(1);
    });

    it('keeps a service worker awake until its listener leaves, and goes on without it', async () => {
      const run = await begin();
      const [leaves, stays] = [await listen(run), await listen(run)];
      const record: string[] = [];
      void leaves.tasks[0]?.then(() => record.push('asleep'));
      await save(run, 1);
      expect(record).toEqual([]);
      await leaves.leave();
      await leaves.tasks[0];
      expect(record).toEqual(['asleep']);
      await save(run, 2);

      expect((await log(run)).length).toBe(4);
      for (let count = 1; count <= 4; count++) expect((await stays.next()).sequence).toBe(count);
      await stays.leave();
    });
  });

  it('hides the text of an unexpected error', async () => {
    const broken = createBackend(() => {
      throw new TypeError('a secret');
    });

    expect(await problem(broken.request('/api/hosts'))).toBe('500: the server failed');
  });
});
