import { Job } from './fakes';

describe('Results', () => {
  afterEach(() => {
    jasmine.clock().uninstall();
  });

  it('has a row for each contestant from the beginning, and fills it when its run ends', async () => {
    const job = await Job.open();
    const rows = () => {
      job.text('app-results');
      return [...job.page.querySelectorAll<HTMLElement>('app-results tbody tr')].map((row) => [
        row.querySelector('th')?.textContent,
        row.querySelector('td')?.textContent,
        row.querySelector('td')?.dataset['tone'],
      ]);
    };
    expect(job.text('app-results thead th:last-child')).toBe('answers');
    expect(rows()).toEqual([
      ['the first', '–', undefined],
      ['the second', '–', undefined],
    ]);
    job.choose('b');
    job.press('Do it');
    job.backend.says('arrived', 'GET /actor');
    job.backend.says('answered', 'GET /actor', { status: 200 });
    job.backend.says('damage', 'GET /actor');
    job.end();
    expect(rows()[1]).toEqual(['the second', '1', 'bad']);
    job.press('Do it');
    job.end();

    expect(rows()).toEqual([
      ['the first', '–', undefined],
      ['the second', '0', 'good'],
    ]);
  });
});
