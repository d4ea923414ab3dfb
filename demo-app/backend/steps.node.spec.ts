import { createBackend } from './backend';
import type { LogEntry, Steps } from './contract';
import { Terms } from './steps';

describe('the terms of a work', () => {
  it('are counted with their steps, and with the gap between two of them', () => {
    let now = 0;
    const terms = new Terms(() => now);
    expect(terms.count).toEqual({ steps: 0, terms: 0, late: 0, gap: null });
    expect(terms.step(1, 'a')).toEqual({ kind: 'note', text: 'tab 1 works' });
    now = 100;
    expect(terms.step(1, 'a')).toBeUndefined();
    now = 350;
    expect(terms.step(2, 'b')).toEqual({ kind: 'note', text: 'tab 2 works' });

    expect(terms.count).toEqual({ steps: 3, terms: 2, late: 0, gap: 250 });
  });

  it('have late steps, if a tab works after another one has begun', () => {
    const terms = new Terms(() => 0);
    terms.step(1, 'a');
    terms.step(2, 'b');
    expect(terms.step(1, 'a')).toEqual({ kind: 'damage', text: 'tab 1 worked after another tab had begun' });
    expect(terms.step(2, 'b')).toBeUndefined();

    expect(terms.count).toEqual({ steps: 4, terms: 2, late: 1, gap: 0 });
  });

  it('begin when a page joins a run by its name, and log only what changes', async () => {
    const backend = createBackend(() => ({ kind: 'worker', origins: [], log: '' }));
    const step = async (tab: number, term: string) =>
      backend.request('/api/runs/ours/steps', { method: 'POST', body: JSON.stringify({ tab, term }) });
    expect((await step(1, 'a')).status).toBe(404);
    const join = async (name: string) => backend.request(`/api/runs/${name}`, { method: 'PUT' });
    expect((await (await join('ours')).json()) as unknown).toEqual({ id: 'ours', seed: 1 });
    await step(1, 'a');
    await step(1, 'a');
    await join('ours');
    expect((await (await step(2, 'b')).json()) as Steps).toEqual(jasmine.objectContaining({ steps: 3, terms: 2, late: 0 }));
    expect((await step(0, 'c')).status).toBe(400);
    expect((await join('a%20b')).status).toBe(400);
    const log = (await (await backend.request('/api/runs/ours/log.json')).json()) as LogEntry[];

    expect(log.map(({ kind, text }) => `${kind}: ${text ?? ''}`)).toEqual(['note: tab 1 works', 'note: tab 2 works']);
  });
});
