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

  it('sends all requests at once without the semaphore', () => {
    for (const file of [1, 2, 3, 4, 5]) downloads.downloadWithoutLimit(run, file, false).subscribe();

    expect(files(pending())).toEqual(['1', '2', '3', '4', '5']);
  });

  it('keeps to the limit with the semaphore, and sends the next request when one completes or fails', () => {
    downloads.limit(2);
    for (const file of [1, 2, 3, 4]) {
      downloads.downloadWithLimit(run, file, false).subscribe({ error: () => undefined });
    }
    expect(downloads.semaphoreState()).toEqual({ available: 0, waiting: 2 });
    const [first, second] = pending();
    first?.flush(new ArrayBuffer(0));
    expect(files(pending())).toEqual(['3']);
    second?.flush(new ArrayBuffer(0), { status: 503, statusText: 'refused' });
    expect(files(pending())).toEqual(['4']);

    expect(downloads.semaphoreState()).toEqual({ available: 0, waiting: 0 });
  });

  it('does not send a download that was cancelled while waiting', () => {
    downloads.limit(1);
    downloads.downloadWithLimit(run, 1, false).subscribe();
    downloads.downloadWithLimit(run, 2, false).subscribe().unsubscribe();
    downloads.downloadWithLimit(run, 3, false).subscribe();
    pending()[0]?.flush(new ArrayBuffer(0));

    expect(files(pending())).toEqual(['3']);
  });

  it('does not delay an urgent request', () => {
    downloads.limit(1);
    downloads.downloadWithLimit(run, 1, false).subscribe();
    downloads.downloadWithLimit(run, 2, false).subscribe();
    downloads.urgent(run).subscribe();

    server.expectOne('/api/downloads/urgent?run=run-1');
    expect(files(pending())).toEqual(['1']);
  });
});
