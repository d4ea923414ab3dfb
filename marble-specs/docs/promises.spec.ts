import { defer, EMPTY, from, timeout, type Observable } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { marbles } from '../support/marbles.js';

/** A client that returns promises. A request runs from the call to its answer. */
class Client {
  running = 0;
  private readonly answers: (() => void)[] = [];

  get(): Promise<void> {
    this.running++;
    return new Promise((resolve) => {
      this.answers.push(() => {
        this.running--;
        resolve();
      });
    });
  }

  /** Answers the oldest request, and waits until all promises that depend on it are settled. */
  async answer(): Promise<void> {
    this.answers.shift()?.();
    await afterMicrotasks();
  }
}

/** Resolves when the callbacks of all settled promises have run, and the callbacks that follow from them. */
function afterMicrotasks(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Subscribes three times, each with a timeout of two frames. */
function threeWithATimeout(request: () => Observable<void>): void {
  marbles(({ expectObservable }) => {
    const withTimeout = request().pipe(timeout({ each: 2, with: () => EMPTY }));
    const expected = '--|';
    expectObservable(withTimeout).toBe(expected);
    expectObservable(withTimeout).toBe(expected);
    expectObservable(withTimeout).toBe(expected);
  });
}

/** What docs/start-rxjs.md says about clients that return promises. */
describe('A client of promises', () => {
  it('is not limited by from(promise) with withLock: the requests run already', () => {
    const client = new Client();
    const lock = new Lock();
    from(client.get()).pipe(withLock(lock)).subscribe();
    from(client.get()).pipe(withLock(lock)).subscribe();
    expect(lock.value).toEqual({ locked: true, waiting: 1 });
    expect(client.running).toBe(2);
  });

  it('continues after a timeout below defer and withLock, while the second and the third request run', () => {
    const client = new Client();
    const lock = new Lock();
    threeWithATimeout(() => defer(() => client.get()).pipe(withLock(lock)));
    expect(client.running).toBe(3);
    expect(lock.locked()).toBeFalse();
  });

  it('holds the permit with lock.use until the promise has settled, although the caller has timed out', async () => {
    const client = new Client();
    const lock = new Lock();
    threeWithATimeout(() => lock.use(() => client.get()));
    expect(client.running).toBe(1);
    expect(lock.locked()).toBeTrue();
    await client.answer();
    expect(client.running).toBe(0);
    expect(lock.locked()).toBeFalse();
  });

  it('runs one request at a time with lock.use', async () => {
    const client = new Client();
    const lock = new Lock();
    const get = lock.use(() => client.get());
    get.subscribe();
    get.subscribe();
    expect(client.running).toBe(1);
    await client.answer();
    expect(client.running).toBe(1);
    await client.answer();
    expect(lock.locked()).toBeFalse();
  });

  it('runs one request at a time with lock.run', async () => {
    const client = new Client();
    const lock = new Lock();
    const get = () =>
      lock.run(async () => {
        await client.get();
      });
    const both = [get(), get()];
    expect(client.running).toBe(1);
    await client.answer();
    expect(client.running).toBe(1);
    await client.answer();
    await expectAsync(Promise.all(both)).toBeResolved();
    expect(lock.locked()).toBeFalse();
  });
});
