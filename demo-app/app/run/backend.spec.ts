import { provideHttpClient } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';

import type { LogEntry } from '../../backend/contract';
import { Backend } from './backend';

/** A connection on which the server sends all lines, from the first one on. */
class FakeSource {
  static last: FakeSource | undefined;
  onmessage: ((event: { data: string }) => void) | undefined;
  isClosed = false;

  constructor(readonly url: string) {
    FakeSource.last = this;
  }

  send(...sequences: readonly number[]): void {
    for (const sequence of sequences) this.onmessage?.({ data: JSON.stringify({ sequence }) });
  }

  close(): void {
    this.isClosed = true;
  }
}

describe('the log of the backend', () => {
  const original = window.EventSource;

  beforeEach(() => {
    window.EventSource = FakeSource as unknown as typeof EventSource;
    TestBed.configureTestingModule({ providers: [provideHttpClient()] });
  });

  afterEach(() => {
    window.EventSource = original;
  });

  it('emits each line once, although a new connection sends all of them again', () => {
    const lines: LogEntry[] = [];
    const run = { id: 'a', seed: 1, hosts: { kind: 'server', origins: [], log: 'http://log' } } as const;
    const subscription = TestBed.inject(Backend)
      .log(run)
      .subscribe((line) => lines.push(line));
    FakeSource.last?.send(1, 2);
    FakeSource.last?.send(1, 2, 3);

    expect(FakeSource.last?.url).toBe('http://log/api/runs/a/log');
    expect(lines.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    subscription.unsubscribe();
    expect(FakeSource.last?.isClosed).toBeTrue();
  });
});
