import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { DownloadService } from './download-service';

const run = { id: 'run-1', seed: 1 };

describe('DownloadService', () => {
  let downloads: DownloadService;
  let server: HttpTestingController;
  const pending = () => server.match(({ url }) => /^\/api\/downloads\/\d+$/.test(url));
  const files = (requests: ReturnType<typeof pending>) => requests.map(({ request }) => request.url.split('/').at(-1));

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    downloads = TestBed.inject(DownloadService);
    server = TestBed.inject(HttpTestingController);
  });

  afterEach(() => {
    server.verify();
  });

  it('sends all at once without the semaphore', () => {
    for (const file of [1, 2, 3, 4, 5]) downloads.downloadAtOnce(run, file, false).subscribe();

    expect(files(pending())).toEqual(['1', '2', '3', '4', '5']);
  });

  it('sends as many as the limit with it, and the next as soon as one has ended, well or badly', () => {
    downloads.limit(2);
    for (const file of [1, 2, 3, 4]) {
      downloads.downloadInTurn(run, file, false).subscribe({ error: () => undefined });
    }
    expect(downloads.semaphoreState()).toEqual({ available: 0, waiting: 2 });
    const [first, second] = pending();
    first?.flush(new ArrayBuffer(0));
    expect(files(pending())).toEqual(['3']);
    second?.flush(new ArrayBuffer(0), { status: 503, statusText: 'refused' });
    expect(files(pending())).toEqual(['4']);

    expect(downloads.semaphoreState()).toEqual({ available: 0, waiting: 0 });
  });

  it('never sends a download that was cancelled while it waited', () => {
    downloads.limit(1);
    downloads.downloadInTurn(run, 1, false).subscribe();
    downloads.downloadInTurn(run, 2, false).subscribe().unsubscribe();
    downloads.downloadInTurn(run, 3, false).subscribe();
    pending()[0]?.flush(new ArrayBuffer(0));

    expect(files(pending())).toEqual(['3']);
  });

  it('lets an urgent request pass', () => {
    downloads.limit(1);
    downloads.downloadInTurn(run, 1, false).subscribe();
    downloads.downloadInTurn(run, 2, false).subscribe();
    downloads.urgent(run).subscribe();

    server.expectOne('/api/downloads/urgent?run=run-1');
    expect(files(pending())).toEqual(['1']);
  });
});
