import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import type { Hosts, LogEntry } from '../../backend/contract';
import { Backend, type BegunRun } from './backend';

describe('Backend', () => {
  const hosts: Hosts = { kind: 'server', origins: ['http://1', 'http://2'], log: 'http://log' };
  const setUp = () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    return { backend: TestBed.inject(Backend), http: TestBed.inject(HttpTestingController) };
  };
  /** Promises have been settled, such as that no service worker is wanted. */
  const settled = () => new Promise((resolve) => setTimeout(resolve));

  it('begins runs, and asks once where requests go', async () => {
    const { backend, http } = setUp();
    const begun: BegunRun[] = [];
    backend.begin(7).subscribe((run) => begun.push(run));
    await settled();
    http.expectOne('api/hosts').flush(hosts);
    const first = http.expectOne('api/runs');
    expect([first.request.method, first.request.body]).toEqual(['POST', { seed: 7 }]);
    first.flush({ id: '1', seed: 7 });
    backend.begin(8).subscribe((run) => begun.push(run));
    http.expectOne('api/runs').flush({ id: '2', seed: 8 });
    http.verify();

    expect(begun).toEqual([
      { id: '1', seed: 7, hosts },
      { id: '2', seed: 8, hosts },
    ]);
  });

  it('asks again after an error', async () => {
    const { backend, http } = setUp();
    const record: unknown[] = [];
    for (const status of [503, 200]) {
      backend.hosts.subscribe({ next: ({ kind }) => record.push(kind), error: () => record.push('error') });
      await settled();
      http.expectOne('api/hosts').flush(hosts, { status, statusText: '' });
    }

    expect(record).toEqual(['error', 'server']);
  });

  it('reads the log as server-sent events, from the origin of the logs', () => {
    const { backend } = setUp();
    const close = jasmine.createSpy('close');
    const source = { close } as unknown as EventSource;
    const open = spyOn(window, 'EventSource').and.returnValue(source);
    const run: BegunRun = { id: '1', seed: 1, hosts };
    const entries: LogEntry[] = [];
    const reading = backend.log(run).subscribe((entry) => entries.push(entry));
    const entry: LogEntry = { sequence: 1, at: 0, request: 'GET /', kind: 'arrived' };
    source.onmessage?.(new MessageEvent('message', { data: JSON.stringify(entry) }));
    expect(entries).toEqual([entry]);
    expect(close).not.toHaveBeenCalled();
    reading.unsubscribe();
    expect(close).toHaveBeenCalledTimes(1);
    backend.log({ ...run, hosts: { ...hosts, log: '' } }).subscribe();

    expect(open.calls.allArgs()).toEqual([['http://log/api/runs/1/log'], ['api/runs/1/log']]);
  });

  it('emits each line once, although a new connection sends all of them again', () => {
    const { backend } = setUp();
    const source = { close: () => undefined } as unknown as EventSource;
    spyOn(window, 'EventSource').and.returnValue(source);
    const lines: number[] = [];
    const reading = backend.log({ id: '1', seed: 1, hosts }).subscribe(({ sequence }) => lines.push(sequence));
    for (const sequence of [1, 2, 1, 2, 3]) {
      source.onmessage?.(new MessageEvent('message', { data: JSON.stringify({ sequence }) }));
    }

    expect(lines).toEqual([1, 2, 3]);
    reading.unsubscribe();
  });
});
