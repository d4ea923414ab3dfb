import fc from 'fast-check';
import { KeyedLock, type LockState, type Permit } from 'rxjs-locks';

import { WaitQueue } from '../../../lib/internal/queue/wait-queue.js';
import { recorder } from '../../support/recorder.js';

describe('An observer of some keys of a KeyedLock', () => {
  it('is completed or failed at once if the lock is already closed', () => {
    const record: string[] = [];
    for (const close of [
      (locks: KeyedLock) => {
        locks.complete();
      },
      (locks: KeyedLock) => {
        locks.error(new RangeError());
      },
    ]) {
      const locks = new KeyedLock();
      close(locks);
      locks.subscribe(recorder(record, 'locks'));
      locks.get('a').subscribe(recorder(record, 'a'));
    }
    expect(record).toEqual(['locks: complete', 'a: complete', 'locks: RangeError', 'a: RangeError']);
  });

  it('sees what waiting and locked() say, in any order of calls', () => {
    const keys = fc.uniqueArray(fc.nat(2), { minLength: 1 });
    const arrival = fc.record({ keys, gone: fc.option(fc.nat(10)) });
    fc.assert(
      fc.property(keys, fc.array(arrival, { maxLength: 20, size: 'max' }), fc.nat(10), (observed, arrivals, late) => {
        const locks = new KeyedLock<number>();
        const side = locks.all(observed);
        const states: LockState[] = [];
        const permits: Permit[] = [];
        arrivals.forEach((each, index) => {
          if (index === late) {
            side.subscribe((state) => states.push(state));
          }
          permits[each.gone ?? Infinity]?.release();
          const subscription = locks
            .all(each.keys)
            .acquire()
            .subscribe((permit) => (permits[index] = permit));
          permits[index] ??= {
            released: false,
            release: () => {
              subscription.unsubscribe();
            },
            [Symbol.dispose]: () => undefined,
          };
          if (index >= late) {
            expect(states.at(-1)).toEqual({ locked: side.locked(), waiting: side.waiting });
          }
        });
        const isSame = (one: LockState, other?: LockState): boolean =>
          one.locked === other?.locked && one.waiting === other.waiting;
        expect(states.some((state, index) => isSame(state, states[index + 1]))).toBeFalse();
      }),
      { numRuns: 300 },
    );
  });

  it('causes no walk of a queue when waiters of its keys are enqueued or dequeued', () => {
    const locks = new KeyedLock<string>();
    const permits = ['a', 'b'].map((key) => locks.get(key).tryAcquire());
    const waiting: number[] = [];
    locks.all(['a', 'b']).subscribe((state) => waiting.push(state.waiting));
    const walked = spyOn(WaitQueue.prototype, 'after').and.callThrough();
    ['a', 'b', 'a', 'b'].forEach((key) =>
      locks
        .get(key)
        .acquire()
        .subscribe((permit) => {
          permit.release();
        }),
    );
    permits.forEach((permit) => permit?.release());
    expect(walked).not.toHaveBeenCalled();
    expect(waiting).toEqual([0, 1, 2, 3, 4, 3, 2, 1, 0, 0]);
  });
});
