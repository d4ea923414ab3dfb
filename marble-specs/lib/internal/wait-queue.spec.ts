import { Observable } from 'rxjs';

import { WaitQueue } from '../../../lib/internal/wait-queue.js';
import { Waiter } from '../../../lib/internal/waiter.js';

/** A waiter with a name, which nobody grants anything. */
class Named extends Waiter {
  readonly label = undefined;

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

  it('is served from the head', () => {
    const { queue, waiters } = queueOf('abc');
    expect(text(queue)).toBe('abc');
    expect(queue.shift()).toBe(take(waiters, 'a'));
    expect(text(queue)).toBe('bc');
    queue.shift();
    queue.shift();
    expect(text(queue)).toBe('');
    expect(queue.shift()).toBeUndefined();
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

  for (let count = 1; count <= 4; count++) {
    it(`can be cut after the first ${String(count)} of four`, () => {
      const { queue, waiters } = queueOf('abcd');
      const all = [...waiters.values()];
      const first = queue.cut(take(waiters, 'abcd'.charAt(count - 1)), count);
      expect(text(queue)).toBe('abcd'.slice(count));
      let chain = '';
      for (let each: Waiter | undefined = first; each !== undefined; each = each.behind) {
        chain += names.get(each) ?? '?';
        expect(each.ahead).toBeUndefined();
      }
      expect(chain).toBe('abcd'.slice(0, count));
      queue.push(take(queueOf('e').waiters, 'e'));
      expect(text(queue)).toBe('abcd'.slice(count) + 'e');
      expect(all.length).toBe(4);
    });
  }

  it('can be emptied at once', () => {
    const { queue, waiters } = queueOf('abc');
    expect(queue.drain()).toEqual([...waiters.values()]);
    expect(text(queue)).toBe('');
  });
});
