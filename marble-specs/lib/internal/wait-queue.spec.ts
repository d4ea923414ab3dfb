import { Observable } from 'rxjs';

import { WaitQueue } from '../../../lib/internal/wait-queue.js';
import { Waiter } from '../../../lib/internal/waiter.js';

/** A waiter with a name, which nobody grants anything. */
class Named extends Waiter {
  protected granted(): void {
    throw new Error('nobody grants it anything');
  }
}

describe('WaitQueue', () => {
  const names = new Map<Waiter, string>();

  function waiter(name: string): Named {
    let made: Named | undefined;
    new Observable<unknown>((subscriber) => {
      made = new Named(subscriber);
    }).subscribe();
    if (made === undefined) {
      throw new Error('the subscriber comes at once');
    }
    names.set(made, name);
    return made;
  }

  function queueOf(text: string): { queue: WaitQueue<Named>; waiters: Map<string, Named> } {
    const queue = new WaitQueue<Named>();
    const waiters = new Map(text.split('').map((name) => [name, waiter(name)]));
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
      forward += names.get(each) ?? '?';
      last = each;
    }
    let backward = '';
    for (let each: Waiter | undefined = last; each !== undefined; each = each.ahead) {
      backward = (names.get(each) ?? '?') + backward;
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
