import { FakeLockManager } from '../support/fake-locks.js';
import { hasWebLocks, isNode, uniqueName, until } from '../support/web-platform.js';

interface Locks {
  request(name: string, options: object, callback: (lock: object | null) => unknown): Promise<unknown>;
  query(): Promise<{ held?: { name?: string }[]; pending?: { name?: string }[] }>;
}

/** What the library relies on. The fake behaves as the real one, where there is one. */
function itBehavesAsWebLocks(what: string, locksOf: () => Locks): void {
  describe(what, () => {
    const record: string[] = [];
    let locks: Locks;
    let name: string;

    beforeEach(() => {
      locks = locksOf();
      name = uniqueName();
      record.length = 0;
    });

    /** Requests the lock, and holds it until the returned function is called. */
    function hold(word: string, options: object = {}): { free: () => void; over: Promise<string> } {
      let free: () => void = () => undefined;
      const freed = new Promise<void>((resolve) => (free = resolve));
      const over = locks
        .request(name, options, (lock) => {
          record.push(lock === null ? `${word} busy` : `${word} in`);
          return lock === null ? undefined : freed;
        })
        .then(
          () => `${word} over`,
          (error: unknown) => `${word} ${(error as Error).name}`,
        );
      return { free, over };
    }

    const recorded = (word: string): Promise<void> => until(() => record.includes(word));

    it('grants in the order of the requests', async () => {
      const [a, b, c] = [hold('a'), hold('b'), hold('c')];
      await recorded('a in');
      a.free();
      await recorded('b in');
      b.free();
      c.free();

      expect(await Promise.all([a.over, b.over, c.over])).toEqual(['a over', 'b over', 'c over']);
      expect(record).toEqual(['a in', 'b in', 'c in']);
    });

    it('lets shared holders in together, but not past a waiting writer', async () => {
      const [a, b] = [hold('a', { mode: 'shared' }), hold('b', { mode: 'shared' })];
      const [c, d] = [hold('c'), hold('d', { mode: 'shared' })];
      await recorded('b in');
      a.free();
      b.free();
      await recorded('c in');

      expect(record).toEqual(['a in', 'b in', 'c in']);
      c.free();
      d.free();
      await d.over;
    });

    it('gives null where a request with ifAvailable would have to wait', async () => {
      const a = hold('a');
      await recorded('a in');
      const b = hold('b', { ifAvailable: true });
      await b.over;

      expect(record).toEqual(['a in', 'b busy']);
      a.free();
      await a.over;
    });

    it('takes a lock that was just released for busy', async () => {
      const a = hold('a');
      await recorded('a in');
      a.free();
      const b = hold('b', { ifAvailable: true });
      await b.over;

      expect(record).toEqual(['a in', 'b busy']);
    });

    it('takes a lock for free when the promise of its release has resolved', async () => {
      const a = hold('a');
      await recorded('a in');
      a.free();
      await a.over;
      const b = hold('b', { ifAvailable: true });
      b.free();
      await b.over;

      expect(record).toEqual(['a in', 'b in']);
    });

    it('forgets an aborted request', async () => {
      const aborter = new AbortController();
      const a = hold('a');
      const b = hold('b', { signal: aborter.signal });
      const c = hold('c');
      await recorded('a in');
      aborter.abort();

      expect(await b.over).toBe('b AbortError');
      a.free();
      await recorded('c in');
      c.free();
      await c.over;

      expect(record).toEqual(['a in', 'c in']);
    });

    it('breaks the promise of a robbed holder, and of nobody in the queue', async () => {
      const a = hold('a');
      const b = hold('b');
      await recorded('a in');
      const thief = hold('thief', { steal: true });

      expect(await a.over).toBe('a AbortError');
      await recorded('thief in');
      thief.free();
      await recorded('b in');
      b.free();
      await b.over;

      expect(record).toEqual(['a in', 'thief in', 'b in']);
    });

    it('tells who holds and who waits', async () => {
      const [a, b] = [hold('a'), hold('b')];
      await recorded('a in');
      const { held = [], pending = [] } = await locks.query();

      expect(held.filter((each) => each.name === name).length).toBe(1);
      expect(pending.filter((each) => each.name === name).length).toBe(1);
      a.free();
      b.free();
      await b.over;
    });
  });
}

describe('FakeLockManager', () => {
  itBehavesAsWebLocks('as Web Locks', () => new FakeLockManager());
});

if (hasWebLocks) {
  describe(`The Web Locks of ${isNode ? 'Node' : 'this browser'}`, () => {
    itBehavesAsWebLocks('as the fake ones', () => navigator.locks);
  });
}
