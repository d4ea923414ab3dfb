/**
 * Whose request a request is when it begins. It must not be sent with the token of another user, who logs in while it waits at a
 * gate, for a key or for a permit.
 *
 * ```
 *   request ──► owners noted ──► gate, serialize, limit: may wait ──► refresh: another owner? SessionChangedError
 * ```
 *
 * Only `coordinateRequests` knows which `refreshOn401` stands behind the other interceptors. So it notes the owners.
 */
import type { HttpInterceptorFn } from '@angular/common/http';

import type { Passage } from './passage.js';

/** The owner of the present token of a session. */
export interface OwnerAtStart {
  readonly session: object;
  readonly owner: unknown;
}

type OwnerOf = (passage: Passage) => OwnerAtStart | undefined;

const readers = new WeakMap<HttpInterceptorFn, OwnerOf>();

/** Sets how the owner of a request is read for an interceptor that `refreshOn401` has made. */
export function readingOwner(interceptor: HttpInterceptorFn, ownerOf: OwnerOf): HttpInterceptorFn {
  readers.set(interceptor, ownerOf);
  return interceptor;
}

/** Notes the owners of a request, if one of the interceptors concerns it, and passes the request on. */
export function noteOwners(interceptors: readonly HttpInterceptorFn[], passage: Passage): ReturnType<Passage['forward']> {
  if (passage.root.isRefreshing) {
    return passage.forward(); // the request of a refresh: the interceptor that it meets next refuses it
  }
  const owners = interceptors.flatMap((each) => readers.get(each)?.(passage) ?? []);
  if (owners.length === 0) {
    return passage.forward();
  }
  return passage.enter(() => {
    for (const { session, owner } of owners) {
      passage.notes.owners.set(session, { owner });
    }
    return passage.forward();
  });
}
