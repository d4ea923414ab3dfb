import { KeyQueues, type ObservedKeys, type Request } from '../../../../lib/internal/queue/key-queues.js';

/** A waiter that wants some keys. */
function requestFor(...keys: readonly string[]): Request<string, string> {
  return { keys, tickets: [], lacking: 0, waiter: '', arrival: 0 };
}

function stateOf(...keys: readonly string[]): ObservedKeys<string> {
  return { keys, waitingNow: 0, publish: () => undefined, close: () => undefined };
}

describe('KeyQueues', () => {
  let queues: KeyQueues<string, string>;

  beforeEach(() => {
    queues = new KeyQueues();
  });

  it('returns each state that may have changed once', () => {
    const state = stateOf('a');
    queues.observe(state);
    expect([...queues.takeChanged()]).toEqual([]);
    const request = requestFor('a', 'b');
    queues.join(request);
    expect([...queues.takeChanged()]).toEqual([state]);
    expect([...queues.takeChanged()]).toEqual([]);
    queues.leave(request);
    expect([...queues.takeChanged()]).toEqual([state]);
  });

  it('keeps nothing of a state that is not observed any more', () => {
    const [first, second] = [stateOf('a', 'b'), stateOf('a')];
    const stops = [queues.observe(first), queues.observe(second)];
    queues.join(requestFor('a'));
    stops[0]?.();
    expect([...queues.allObserved()]).toEqual([second]);
    expect([...queues.takeChanged()]).toEqual([second]);
    stops[1]?.();
    stops[1]?.();
    expect((Reflect.get(queues, 'observed') as ReadonlyMap<string, unknown>).size).toBe(0);
  });

  it('counts the waiters of one key, and of several keys, each once', () => {
    const holder = requestFor('a', 'b');
    queues.join(holder);
    for (const keys of [['a'], ['a', 'b'], ['b', 'c']]) {
      queues.enqueue(requestFor(...keys), '');
    }
    expect(queues.waitingFor(['a'])).toBe(2);
    expect(queues.waitingFor(['b'])).toBe(2);
    expect(queues.waitingFor(['c'])).toBe(1);
    expect(queues.waitingFor(['a', 'b', 'c'])).toBe(3);
    expect(queues.waitingFor(['d'])).toBe(0);
  });
});
