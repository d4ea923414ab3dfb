import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { DocumentService } from './document-service';

const run = { id: 'run-1', seed: 1 };
const edit = (revision: number) => ({ revision, text: `revision ${String(revision)}` });

describe('DocumentService', () => {
  let documents: DocumentService;
  let server: HttpTestingController;
  const pending = () => server.match(({ method }) => method === 'PUT');

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    documents = TestBed.inject(DocumentService);
    server = TestBed.inject(HttpTestingController);
  });

  afterEach(() => {
    server.verify();
  });

  it('sends all saves at once without the lock', () => {
    for (const revision of [1, 2, 3]) documents.saveWithoutLock(run, edit(revision), false).subscribe();

    expect(pending().map(({ request }) => request.body as unknown)).toEqual([edit(1), edit(2), edit(3)]);
    expect(documents.lockState()).toEqual({ locked: false, waiting: 0 });
  });

  it('sends one save at a time with the lock, in the order of the calls', () => {
    for (const revision of [1, 2, 3]) documents.saveWithLock(run, edit(revision), false).subscribe();
    expect(documents.lockState()).toEqual({ locked: true, waiting: 2 });
    const order: unknown[] = [];
    for (let left = 3; left > 0; left--) {
      const [only, ...others] = pending();
      expect(others).toEqual([]);
      order.push(only?.request.body);
      only?.flush({});
    }

    expect(order).toEqual([edit(1), edit(2), edit(3)]);
    expect(documents.lockState()).toEqual({ locked: false, waiting: 0 });
  });

  it('sends the next save when one fails', () => {
    const errors: unknown[] = [];
    documents.saveWithLock(run, edit(1), true).subscribe({ error: (error: unknown) => errors.push(error) });
    documents.saveWithLock(run, edit(2), false).subscribe();
    const [first] = pending();
    expect(first?.request.params.get('fail')).toBe('true');
    first?.flush(null, { status: 503, statusText: 'refused' });

    expect(errors.length).toBe(1);
    expect(pending().map(({ request }) => request.body as unknown)).toEqual([edit(2)]);
  });

  it('does not send a save that was cancelled while waiting', () => {
    documents.saveWithLock(run, edit(1), false).subscribe();
    const second = documents.saveWithLock(run, edit(2), false).subscribe();
    documents.saveWithLock(run, edit(3), false).subscribe();
    second.unsubscribe();
    expect(documents.lockState()).toEqual({ locked: true, waiting: 1 });
    pending()[0]?.flush({});

    expect(pending().map(({ request }) => request.body as unknown)).toEqual([edit(3)]);
  });

  it('aborts a running save on cancellation, and sends the next one', () => {
    const first = documents.saveWithLock(run, edit(1), false).subscribe();
    documents.saveWithLock(run, edit(2), false).subscribe();
    const [sent] = pending();
    first.unsubscribe();

    expect(sent?.cancelled).toBeTrue();
    expect(pending().map(({ request }) => request.body as unknown)).toEqual([edit(2)]);
  });

  it('starts a run, and requests its report', () => {
    documents.begin(7).subscribe();
    expect(server.expectOne({ method: 'POST', url: '/api/runs' }).request.body).toEqual({ seed: 7 });
    documents.report(run).subscribe();
    server.expectOne('/api/documents/1?run=run-1');
  });
});
