import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { serializeRequests } from 'rxjs-locks/angular';

describe('Saves of one document', () => {
  it('are sent one after another', () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(withInterceptors([serializeRequests(({ url }) => url)])), provideHttpClientTesting()],
    });
    const http = TestBed.inject(HttpClient);
    const backend = TestBed.inject(HttpTestingController);
    http.put('/api/documents/1', 'older').subscribe();
    http.put('/api/documents/1', 'newer').subscribe();

    const older = backend.expectOne(({ body }) => body === 'older');
    backend.expectNone(({ body }) => body === 'newer');
    older.flush(null);
    backend.expectOne(({ body }) => body === 'newer').flush(null);
    backend.verify();
  });
});
