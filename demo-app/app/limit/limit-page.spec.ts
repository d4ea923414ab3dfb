import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';

import type { DownloadStats } from '../../api';
import { LimitPage } from './limit-page';

const stats: DownloadStats = {
  inFlight: 0,
  largest: 6,
  started: 40,
  finished: 40,
  failed: 0,
  aborted: 0,
  endedBeforeUrgent: 34,
};

describe('LimitPage', () => {
  let fixture: ComponentFixture<LimitPage>;
  let server: HttpTestingController;
  let page: HTMLElement;

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    fixture = TestBed.createComponent(LimitPage);
    server = TestBed.inject(HttpTestingController);
    page = fixture.nativeElement as HTMLElement;
    await fixture.whenStable();
  });

  afterEach(() => {
    fixture.destroy();
  });

  const limited = 'throttleBySemaphore(this.semaphore)';
  const side = (name: string) => page.querySelector(`section[aria-label="${name}"]`);
  const button = () => page.querySelector<HTMLButtonElement>('.controls button');
  const downloads = () => server.match(({ url }) => /^\/api\/downloads\/\d+$/.test(url));
  const choose = async (limit: number) => {
    const slider = page.querySelector<HTMLInputElement>('input[type=range]');
    if (slider === null) throw new Error('the page has no slider');
    slider.value = String(limit);
    slider.dispatchEvent(new Event('input'));
    slider.dispatchEvent(new Event('change'));
    await fixture.whenStable();
  };
  /** Responds like the server until there are no more requests. Returns the numbers of simultaneous downloads for each run. */
  const serve = async (refuse = false) => {
    const open: number[][] = [];
    for (;;) {
      await fixture.whenStable();
      await new Promise((resolve) => setTimeout(resolve, 60));
      const asked = server.match(() => true);
      if (asked.length === 0) return open;
      const files = asked.filter(({ request }) => /\d$/.test(request.url));
      if (files.length > 0) open.at(-1)?.push(files.length);
      for (const request of asked) {
        if (request.request.method === 'POST') {
          open.push([]);
          request.flush({ id: `run-${String(open.length)}`, seed: 1 });
        } else if (request.request.url.endsWith('/stats')) request.flush(stats);
        else if (request.request.url.endsWith('/urgent')) request.flush({});
        else if (refuse && request.request.params.has('fail')) {
          request.flush(null, { status: 503, statusText: 'refused' });
        } else request.flush(new ArrayBuffer(8));
      }
    }
  };

  it('has one h1, a labelled slider and a name for each button', () => {
    expect(page.querySelectorAll('h1').length).toBe(1);
    expect(page.querySelector<HTMLInputElement>('input[type=range]')?.labels?.length).toBe(1);
    expect(button()?.textContent).toContain('Run forty downloads');
  });

  it('updates the limit and the semaphore when the slider moves', async () => {
    await choose(5);

    expect(page.querySelector('label')?.textContent).toContain('Limit: 5 at once');
    expect(side(limited)?.textContent).toContain('available 5');
  });

  it('downloads without a limit, then with one, and shows the report of the server', async () => {
    await choose(4);
    button()?.click();
    const [first, second] = await serve();

    expect(first).toEqual([40]);
    expect(second).toEqual(Array.from({ length: 10 }, () => 4));
    for (const name of ['without a limit', limited]) {
      expect(side(name)?.querySelector('dd')?.textContent).toBe('6');
      expect(side(name)?.textContent).toContain('40 of 40');
      expect(side(name)?.querySelector('[role=status]')?.textContent).toContain('34 of 40');
    }
    expect(side(limited)?.querySelector('a')?.getAttribute('href')).toBe('/api/downloads/stats?run=run-2');
  });

  it('shows each refused download, and continues with the others', async () => {
    await choose(6);
    page.querySelector<HTMLButtonElement>('mat-slide-toggle button')?.click();
    await fixture.whenStable();
    button()?.click();
    await serve(true);

    expect(side(limited)?.querySelectorAll('[role=alert] li').length).toBe(4);
    expect(side(limited)?.textContent).toContain('40 of 40');
  });

  it('cancels one waiting caller, whose request is not sent', async () => {
    await choose(1);
    button()?.click();
    await fixture.whenStable();
    server.expectOne('/api/runs').flush({ id: 'at-once', seed: 1 });
    for (const request of downloads()) request.flush(new ArrayBuffer(8));
    await new Promise((resolve) => setTimeout(resolve, 60));
    server.expectOne('/api/downloads/urgent?run=at-once').flush({});
    server.expectOne('/api/downloads/stats?run=at-once').flush(stats);
    server.expectOne('/api/runs').flush({ id: 'in-turn', seed: 1 });
    await fixture.whenStable();
    side(limited)?.querySelector<HTMLButtonElement>('button[aria-label="Cancel file 2"]')?.click();
    for (const request of downloads()) request.flush(new ArrayBuffer(8));

    expect(downloads().map(({ request }) => request.url)).toEqual(['/api/downloads/3']);
    button()?.click();
    await fixture.whenStable();
    expect(side(limited)?.textContent).toContain('available 1');
  });
});
