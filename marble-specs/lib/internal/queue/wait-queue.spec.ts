import { WaitQueue, type QueueNode } from '../../../../lib/internal/queue/wait-queue.js';

/** One with a name, who does nothing but stand in line. */
class Named implements QueueNode {
  behind: Named | undefined = undefined;
  ahead: Named | undefined = undefined;

  constructor(readonly name: string) {}
}

describe('WaitQueue', () => {
  function queueOf(text: string): { queue: WaitQueue<Named>; waiters: Map<string, Named> } {
    const queue = new WaitQueue<Named>();
    const waiters = new Map(text.split('').map((name) => [name, new Named(name)]));
    waiters.forEach((each) => {
      queue.push(each);
    });
    return { queue, waiters };
  }

  /** The names in line, read in both directions. */
  function text(queue: WaitQueue<Named>): string {
    let forward = '';
    let last: Named | undefined;
    for (let each = queue.head; each !== undefined; each = queue.after(each)) {
      forward += each.name;
      last = each;
    }
    let backward = '';
    for (let each: Named | undefined = last; each !== undefined; each = each.ahead) {
      backward = each.name + backward;
    }
    expect(backward).toBe(forward);
    expect(queue.length).toBe(forward.length);
    return forward;
  }

  function take(waiters: Map<string, Named>, name: string): Named {
    const found = waiters.get(name);
    if (found === undefined) {
      throw new Error(`nobody is called ${name}`);
    }
    return found;
  }

  it('has whoever came first at its head', () => {
    const { queue, waiters } = queueOf('abc');
    expect(queue.head).toBe(take(waiters, 'a'));
    for (const name of 'abc') {
      queue.remove(take(waiters, name));
    }
    expect(text(queue)).toBe('');
    expect(queue.head).toBeUndefined();
    queue.push(take(waiters, 'a'));
    expect(text(queue)).toBe('a');
  });

  for (const name of 'abcd') {
    it(`can be left at ${name} of abcd, and come back to`, () => {
      const { queue, waiters } = queueOf('abcd');
      queue.remove(take(waiters, name));
      expect(text(queue)).toBe('abcd'.replace(name, ''));
      queue.push(take(waiters, name));
      expect(text(queue)).toBe('abcd'.replace(name, '') + name);
    });
  }

  it('can be emptied at once', () => {
    const { queue, waiters } = queueOf('abc');
    expect(queue.drain()).toEqual([...waiters.values()]);
    expect(text(queue)).toBe('');
  });
});
