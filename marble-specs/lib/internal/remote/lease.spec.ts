import { LockLostError } from 'rxjs-locks';

import { believedUntil, Lease } from '../../../../lib/internal/remote/index.js';

/** Its clock and its timers are those of the spec. */
describe('A lease', () => {
  let now: number;
  let left: number;
  let timers: Map<number, { readonly due: number; readonly task: () => void }>;

  beforeEach(() => {
    now = 1000;
    left = 0;
    timers = new Map();
    spyOn(performance, 'now').and.callFake(() => now);
    const set = (task: () => void, delay: number): number => {
      timers.set(timers.size, { due: now + delay, task });
      return timers.size - 1;
    };
    spyOn(globalThis, 'setTimeout').and.callFake(set as unknown as typeof setTimeout);
    spyOn(globalThis, 'clearTimeout').and.callFake((timer) => {
      timers.set(Number(timer), { due: Infinity, task: () => undefined });
    });
  });

  function leaseUntil(deadline: number): { readonly lease: Lease; readonly reasons: Error[] } {
    const lease = new Lease({ toString: () => 'lock "a"' }, 7n, deadline, () => left++);
    const reasons: Error[] = [];
    lease.lost$.subscribe((reason) => reasons.push(reason));
    return { lease, reasons };
  }

  function pass(time: number): void {
    now += time;
    for (const [timer, { due, task }] of timers) {
      if (due <= now) {
        clearTimeout(timer);
        task();
      }
    }
  }

  const ended = new LockLostError('lost lock "a": its lease ended before the server confirmed it again');

  it('is believed for less than the server keeps it, from the time at which it was asked for', () => {
    expect(believedUntil(500, 1000)).toBe(1488);
    expect(believedUntil(500, 30_000)).toBe(30_198);
  });

  it('is lost at its deadline, and leaves before it tells of that', () => {
    const { lease, reasons } = leaseUntil(1100);
    lease.lost$.subscribe(() => {
      expect(left).toBe(1);
    });
    pass(99);
    expect([lease.lost, left]).toEqual([false, 0]);
    pass(1);
    expect(reasons).toEqual([ended]);
    expect([lease.lost, lease.released, left]).toEqual([true, true, 1]);
    lease.release();
    expect(left).toBe(1);
  });

  it('is lost when somebody looks after its deadline, though its timer is late', () => {
    for (const look of [(lease: Lease) => lease.lost, (lease: Lease) => lease.released, (lease: Lease) => lease.signal.aborted]) {
      const { lease, reasons } = leaseUntil(now + 100);
      now += 100;
      expect(look(lease)).toBe(true);
      expect(reasons).toEqual([ended]);
    }
    expect(left).toBe(3);
  });

  it('goes on when the server confirms it', () => {
    const { lease, reasons } = leaseUntil(1100);
    pass(60);
    lease.extend(1160);
    pass(60);
    expect([lease.lost, reasons]).toEqual([false, []]);
    pass(40);
    expect(reasons).toEqual([ended]);
  });

  it('does not come back when the server confirms it too late', () => {
    const { lease, reasons } = leaseUntil(1100);
    now = 1100;
    lease.extend(5000);
    expect([lease.lost, reasons]).toEqual([true, [ended]]);
  });

  it('leaves once, and has no timer left, when it is released', () => {
    const { lease, reasons } = leaseUntil(1100);
    lease.release();
    lease.release();
    pass(1000);
    expect([left, lease.lost, lease.released, reasons]).toEqual([1, false, true, []]);
    expect([...timers.values()].every(({ due }) => due === Infinity)).toBe(true);
  });

  it('shows itself in logs', () => {
    const { lease } = leaseUntil(1100);
    expect(JSON.stringify(lease)).toBe('{"released":false,"lost":false,"token":"7"}');
    expect(String(lease)).toBe('permit of lock "a"');
  });
});
