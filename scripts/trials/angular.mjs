import assert from 'node:assert/strict';
import '@angular/compiler';
import { HttpRequest, HttpResponse } from '@angular/common/http';
import { createEnvironmentInjector, InjectionToken, Injector, runInInjectionContext, ɵINJECTOR_SCOPE } from '@angular/core';
import { firstValueFrom, of } from 'rxjs';
import { Lock, Semaphore } from 'rxjs-locks';
import { coordinateRequests, limitRequests, lockedBy } from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';

const SLOTS = new InjectionToken('SLOTS', { providedIn: 'root', factory: () => new Semaphore(1) });
const scope = { provide: ɵINJECTOR_SCOPE, useValue: 'root' };
const injector = createEnvironmentInjector([scope], Injector.NULL);
const lock = new Lock();
const backend = (request) => {
  assert.equal(injector.get(SLOTS).available, 0);
  assert.equal(lock.locked(), true);
  return of(new HttpResponse({ body: request.url }));
};
const send = coordinateRequests({ limit: limitRequests(SLOTS) }).reduceRight(
  (next, interceptor) => (request) => runInInjectionContext(injector, () => interceptor(request, next)),
  backend,
);
const { body } = await firstValueFrom(send(new HttpRequest('GET', '/1', { context: lockedBy(lock) })));
assert.equal(body, '/1');
verifyIdle(lock, injector.get(SLOTS));
