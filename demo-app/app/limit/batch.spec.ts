import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import type { DownloadStats } from '../../api';
import { Batch } from './batch';
import { DownloadService } from './download-service';

const run = { id: 'run-1', seed: 1 };
const stats: DownloadStats = {
  inFlight: 0,
  largest: 3,
  started: 40,
  finished: 40,
  failed: 0,
  aborted: 0,
  endedBeforeUrgent: 0,
};

describe('Batch', () => {
  let batch: Batch;
  let server: HttpTestingController;
  const refuse = { status: 503, statusText: 'refused' };
  const verdict = () => [batch.verdict().tone, batch.verdict().headline];
  const start = () => batch.start(1, 3, false).subscribe();
  const begin = () => {
    server.expectOne('/api/runs').flush(run);
  };
  const urgent = () => {
    jasmine.clock().tick(60);
    return server.expectOne('/api/downloads/urgent?run=run-1');
  };
  const download = () => {
    urgent().flush({});
    for (const request of server.match(({ url }) => /\d$/.test(url))) request.flush(new ArrayBuffer(0));
  };
  const statsRequest = () => server.expectOne('/api/downloads/stats?run=run-1');

  beforeEach(() => {
    jasmine.clock().install();
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    const downloads = TestBed.inject(DownloadService);
    batch = new Batch(downloads, (...file) => downloads.downloadWithoutLimit(...file));
    server = TestBed.inject(HttpTestingController);
  });

  afterEach(() => {
    jasmine.clock().uninstall();
  });

  it('is busy from the start until the server reports, and then good', () => {
    expect(verdict()).toEqual(['idle', 'Not run yet.']);
    start();
    expect(verdict()).toEqual(['busy', 'Downloading.']);
    begin();
    download();
    expect(verdict()).toEqual(['busy', 'Downloading.']);
    statsRequest().flush(stats);

    expect(verdict()).toEqual(['good', 'At most 3 downloads at once, within the limit.']);
  });

  const steps: [when: string, steps: (() => void)[]][] = [
    ['before the run has started', []],
    ['while it downloads', [begin]],
    ['before the server has reported', [begin, download]],
  ];
  for (const [when, before] of steps) {
    it(`is stopped and no longer busy when it is unsubscribed ${when}`, () => {
      const subscription = start();
      for (const step of before) step();
      subscription.unsubscribe();

      expect(verdict()).toEqual(['stopped', 'Stopped.']);
    });
  }

  const failures: [what: string, fail: () => void][] = [
    [
      'the run',
      () => {
        server.expectOne('/api/runs').flush(null, refuse);
      },
    ],
    [
      'the urgent request',
      () => {
        begin();
        urgent().flush(null, refuse);
      },
    ],
    [
      'the report',
      () => {
        begin();
        download();
        statsRequest().flush(null, refuse);
      },
    ],
  ];
  for (const [what, fail] of failures) {
    it(`is unfinished and no longer busy when the server refuses ${what}`, () => {
      start();
      fail();

      expect(verdict()).toEqual(['stopped', 'Unfinished.']);
      expect(batch.problems()).toEqual(['503: the server gave no reason']);
    });
  }

  it('is no longer stopped after clear()', () => {
    start().unsubscribe();
    batch.clear();

    expect(verdict()).toEqual(['idle', 'Not run yet.']);
  });
});
