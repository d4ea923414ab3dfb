import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';

import type { Arrival, DocumentReport } from '../../api';
import { SerializePage } from './serialize-page';

const arrival = (revision: number, committedAt: number, late: boolean): Arrival => ({
  arrival: revision,
  revision,
  text: '',
  arrivedAt: 0,
  latency: committedAt,
  outcome: 'committed',
  committedAt,
  late,
});

describe('SerializePage', () => {
  let fixture: ComponentFixture<SerializePage>;
  let server: HttpTestingController;
  let page: HTMLElement;

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    fixture = TestBed.createComponent(SerializePage);
    server = TestBed.inject(HttpTestingController);
    page = fixture.nativeElement as HTMLElement;
    await fixture.whenStable();
  });

  afterEach(() => {
    fixture.destroy();
  });

  const side = (name: string) => page.querySelector(`section[aria-label="${name}"]`);
  const button = (text: string) => [...page.querySelectorAll('button')].find((candidate) => candidate.textContent.includes(text));
  const type = async (text: string) => {
    const editor = page.querySelector('textarea');
    if (editor === null) throw new Error('the page has no editor');
    editor.value = text;
    editor.dispatchEvent(new Event('input'));
    await fixture.whenStable();
  };
  const begin = async () => {
    for (const [index, request] of server.match('/api/runs').entries()) request.flush({ id: `run-${String(index)}`, seed: 1 });
    await fixture.whenStable();
  };
  const puts = () => server.match(({ method }) => method === 'PUT');
  const answerReports = async (report: DocumentReport) => {
    await fixture.whenStable();
    for (const request of server.match(({ method }) => method === 'GET')) request.flush(report);
    await fixture.whenStable();
  };

  it('has one h1, a labelled editor and a name for each button', () => {
    expect(page.querySelectorAll('h1').length).toBe(1);
    expect(page.querySelector('textarea')?.labels.length).toBe(1);
    for (const candidate of page.querySelectorAll('button')) {
      const name = candidate.getAttribute('aria-label') ?? candidate.getAttribute('aria-labelledby') ?? candidate.textContent;
      expect(name.trim()).not.toBe('');
    }
  });

  it('saves each change with and without the lock, and shows the state of the lock', async () => {
    await type('a');
    await begin();
    await type('ab');

    expect(puts().length).toBe(3);
    expect(side('without a lock')?.textContent).toContain('2 requests under way');
    expect(side('withLock(this.lock)')?.textContent).toContain('locked true');
    expect(side('withLock(this.lock)')?.textContent).toContain('waiting 1');
  });

  it('starts and stops with the same button, which keeps the focus', async () => {
    const run = button('Run twenty edits');
    run?.click();
    await begin();
    expect(run?.textContent).toContain('Stop');
    expect(run?.isConnected).toBeTrue();
    run?.click();
    await fixture.whenStable();

    expect(run?.textContent).toContain('Run twenty edits');
  });

  it("shows the server's report: the verdict, the document and its missing text", async () => {
    await type('one');
    await begin();
    await type('one two');
    for (let open = puts(); open.length > 0; open = puts()) for (const put of open) put.flush({});
    await answerReports({
      id: '1',
      revision: 1,
      text: 'one',
      newest: 2,
      lateSaves: 1,
      log: [arrival(1, 900, true), arrival(2, 60, false)],
    });

    const stale = side('without a lock');
    expect(stale?.querySelector('[role=status]')?.textContent).toContain('Stale.');
    expect(stale?.querySelector('.document del')?.textContent).toBe(' two');
    expect([...(stale?.querySelectorAll('.landed li') ?? [])].map((item) => Number.parseInt(item.textContent))).toEqual([2, 1]);
    expect(stale?.querySelector('a')?.getAttribute('href')).toBe('/api/documents/1?run=run-0');
  });

  it('cancels one waiting caller', async () => {
    await type('a');
    await begin();
    await type('ab');
    await type('abc');
    const guarded = side('withLock(this.lock)');
    guarded?.querySelector<HTMLButtonElement>('button[aria-label="Cancel edit 2"]')?.click();
    await fixture.whenStable();

    expect(guarded?.textContent).toContain('waiting 1');
    expect([...(guarded?.querySelectorAll('li[data-state]') ?? [])].map((row) => row.getAttribute('data-state'))).toEqual([
      'running',
      'cancelled',
      'waiting',
    ]);
  });

  it("shows the server's error, and sends the next save", async () => {
    await type('a');
    await begin();
    await type('ab');
    const [first] = puts().filter(({ request }) => request.params.get('run') === 'run-1');
    first?.flush({ error: { status: 503, message: 'not today' } }, { status: 503, statusText: 'refused' });
    await fixture.whenStable();

    const guarded = side('withLock(this.lock)');
    expect(guarded?.querySelector('[role=alert]')?.textContent).toContain('503: not today');
    expect([...(guarded?.querySelectorAll('li[data-state]') ?? [])].map((row) => row.getAttribute('data-state'))).toEqual([
      'failed',
      'running',
    ]);
  });
});
