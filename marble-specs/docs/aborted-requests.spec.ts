import { catchError, concatMap, EMPTY, map, switchMap, timeout, type Observable, type OperatorFunction } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { exhaustMapLatest, withLock } from 'rxjs-locks/operators';

import { marbles } from '../support/marbles.js';
import { Server } from './server.js';

/** The latency of each request. */
const latencies: Readonly<Record<string, number>> = { slow: 5, fast: 1 };

type Save = (text: string) => Observable<string>;

/** Saves the slow edit and then, before it has landed, the fast one, both with the lock. Returns the server. */
function saved(operator: (save: Save) => OperatorFunction<string, string>): Server {
  const server = new Server();
  const lock = new Lock();
  const save: Save = (text) => server.put(text, latencies[text] ?? 0).pipe(withLock(lock));
  marbles(({ hot }) => {
    const edits = hot('s-f', { s: 'slow', f: 'fast' });
    edits.pipe(operator(save)).subscribe();
  });
  return server;
}

const inOrder: readonly (readonly [string, (save: Save) => OperatorFunction<string, string>])[] = [
  ['exhaustMapLatest', (save) => exhaustMapLatest(save)],
  ['concatMap', (save) => concatMap(save)],
];

/** What docs/cancellation.md says about aborted requests. */
describe('An aborted request', () => {
  it('continues at the server: with switchMap, the newer one runs beside it in spite of the lock, and the older one may land last', () => {
    const { landed, atMost } = saved((save) => switchMap(save));
    expect(atMost).toBe(2);
    expect(landed).toEqual(['fast', 'slow']);
  });

  it('continues at the server: with timeout, the next one runs beside it, and the older one may land last', () => {
    const server = new Server();
    const lock = new Lock();
    marbles(({ expectObservable }) => {
      const slow = server.put('slow', 5).pipe(timeout(2), withLock(lock));
      const fast = server.put('fast', 1).pipe(
        withLock(lock),
        map(() => 'f'),
      );
      const expected1 = '--|   ';
      const expected2 = '---(f|)';
      expectObservable(slow.pipe(catchError(() => EMPTY))).toBe(expected1);
      expectObservable(fast).toBe(expected2);
    });
    expect(server.atMost).toBe(2);
    expect(server.landed).toEqual(['fast', 'slow']);
  });

  for (const [name, operator] of inOrder) {
    it(`does not occur with ${name}, which waits for the answer: one request at a time, in order`, () => {
      const { landed, atMost } = saved(operator);
      expect(atMost).toBe(1);
      expect(landed).toEqual(['slow', 'fast']);
    });
  }
});
