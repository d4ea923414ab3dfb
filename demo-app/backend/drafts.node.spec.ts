import { createBackend } from './backend';
import { outage } from './contract';
import { Drafts } from './drafts';

describe('Drafts', () => {
  it('goes down with the first of the edits 4 to 6, and with the first of each three from edit 10 on', () => {
    const drafts = new Drafts(() => 0);
    const fatal = [1, 3, 4, 5, 6, 7, 9, 12, 11, 13].filter((edit) => drafts.arrive(edit));

    expect(fatal).toEqual([4, 12, 13]);
  });

  it('is up again after a while', () => {
    let now = 0;
    const drafts = new Drafts(() => now);
    expect(drafts.isDown()).toBeFalse();
    drafts.arrive(6);
    now = outage - 1;
    expect(drafts.isDown()).toBeTrue();
    now = outage;
    drafts.arrive(5);
    expect(drafts.isDown()).toBeFalse();
  });

  it('refuses a save with 503, and logs that', async () => {
    const backend = createBackend(() => ({ kind: 'worker', origins: [], log: '' }));
    const begun = await backend.request('/api/runs', { method: 'POST', body: JSON.stringify({ seed: 1 }) });
    const { id } = (await begun.json()) as { id: string };
    const put = async (edit: string): Promise<number> =>
      (await backend.request(`/api/runs/${id}/drafts/${edit}`, { method: 'PUT', body: JSON.stringify({ text: 'a' }) })).status;

    expect([await put('1'), await put('4'), await put('none')]).toEqual([200, 503, 400]);
    const log = (await (await backend.request(`/api/runs/${id}/log.json`)).json()) as { kind: string; status?: number }[];
    expect(log.map(({ kind, status = 0 }) => `${kind} ${String(status)}`)).toEqual([
      'arrived 0',
      'answered 200',
      'arrived 0',
      'note 0',
      'answered 503',
    ]);
  });
});
