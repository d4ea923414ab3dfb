import { array, assert, constantFrom, integer, option, property, record } from 'fast-check';
import { merge, mergeMap, NEVER, Subject, type Observable } from 'rxjs';
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  KeyedLock,
  Lock,
  ReadWriteLock,
  Semaphore,
  trace,
  type TraceEvent,
} from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';
import { marbleOf } from 'rxjs-locks/testing';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';

import { modelDiagram, type ModelStep } from '../../proofs/model/diagram.js';

/** The diagram that `marbleOf` draws of a run, as rows. */
function drawn(run: (helpers: RunHelpers, look: (traced: Observable<TraceEvent>) => void) => void): string[] {
  const scheduler = new TestScheduler(() => undefined);
  let diagram = '';
  scheduler.run((helpers) => {
    run(helpers, (traced) => {
      marbleOf(traced).subscribe((text) => (diagram = text));
    });
    helpers.flush();
  });
  return diagram.split('\n');
}

describe('marbleOf', () => {
  describe('Rows', () => {
    it('draws one row for each waiter, with its label', () => {
      const rows = drawn(({ cold }, look) => {
        const lock = new Lock();
        look(trace(lock));
        const second = cold('---|').pipe(withLock(lock, { label: 'second' }));
        cold('              ----|     ')
          .pipe(withLock(lock, { label: 'first' }))
          .subscribe();
        cold('              -x        ')
          .pipe(mergeMap(() => second))
          .subscribe();
        const third = cold('--x       ')
          .pipe(mergeMap(() => NEVER.pipe(withLock(lock))))
          .subscribe();
        cold('              ----x     ').subscribe(() => {
          third.unsubscribe();
        });
      });
      expect(rows).toEqual(['1 first     g===r', '2 second    -p..g==r', '3           --p.x']);
    });

    it('writes several steps of one frame in brackets, and aligns all rows', () => {
      const rows = drawn(({ cold }, look) => {
        const lock = new Lock();
        look(trace(lock));
        const section = cold('|').pipe(withLock(lock));
        cold('-a----').subscribe(() => section.subscribe());
        cold('--b---').subscribe(() => NEVER.pipe(withLock(lock)).subscribe());
        cold('--------c').subscribe(() => section.subscribe());
      });
      expect(rows).toEqual(['1    -(gr)', '2    -----g', '3    -----------p']);
    });

    it('draws rows by their numbers, in whatever order the steps come', () => {
      const rows = drawn(({ cold }, look) => {
        const lock = new Lock();
        trace(lock).subscribe();
        const permit = lock.tryAcquire();
        const subscriptions = Array.from({ length: 11 }, () => lock.acquire().subscribe());
        look(trace(lock));
        lock.acquire().subscribe();
        cold('-x').subscribe(() => permit?.release());
        cold('--x').subscribe(() => {
          subscriptions[4]?.unsubscribe();
        });
      });
      expect(rows).toEqual(['1     -r', '2     -g', '6     --x', '13    p']);
    });

    it('draws a waiter of a condition and of its lock in two rows, with the same number', () => {
      const rows = drawn(({ cold }, look) => {
        const condition = new Condition();
        look(merge(trace(condition), trace(condition.lock)));
        condition.use((permit) => condition.wait({ permit }), { label: 'sleeper' }).subscribe();
        cold('--n|')
          .pipe(withLock(condition))
          .subscribe(() => {
            condition.notify();
          });
      });
      expect(rows).toEqual([
        'lock 1 sleeper         (gr)w(gr)',
        'lock 2                 g====r',
        'condition 1 sleeper    p...w',
        'condition *            ----n',
      ]);
    });

    it('names the keys of a keyed lock in the row', () => {
      const rows = drawn(({ cold }, look) => {
        const locks = new KeyedLock<unknown>();
        look(trace(locks));
        cold('--|')
          .pipe(withLock(locks.get(1), { label: 'first' }))
          .subscribe();
        cold('-|')
          .pipe(withLock(locks.all([1, 'b', Object.create(null)])))
          .subscribe();
      });
      expect(rows).toEqual(['1 1 first                    g=r', '2 1, "b", [object Object]    p.gr']);
    });

    it('draws one row for each waiter, even if its label or its primitive has line breaks', () => {
      const rows = drawn((_helpers, look) => {
        const [lock, other] = [new Lock({ name: 'a\nb' }), new Lock()];
        look(merge(trace(lock), trace(other)));
        lock.acquire({ label: 'first\nlast' }).subscribe();
        other.tryAcquire();
      });
      expect(rows).toEqual(['lock "a b" 1 first last    g', 'lock 1                     g']);
    });

    it('draws five thousand waiters that come in one frame', () => {
      const size = 5_000;
      const rows = drawn((_helpers, look) => {
        const lock = new Lock();
        look(trace(lock));
        for (let i = 0; i < size; i++) {
          lock.acquire().subscribe((permit) => {
            permit.release();
          });
        }
      });
      expect(rows).toEqual(Array.from({ length: size }, (_, index) => `${String(index + 1).padEnd(8)}(gr)`));
    });
  });

  describe('Steps', () => {
    it('draws a waiter of a condition in the row of its lock, and steps without a waiter in a row of their own', () => {
      const rows = drawn(({ cold }, look) => {
        const condition = new Condition();
        look(trace(condition));
        condition.use((permit) => condition.wait({ permit }), { label: 'sleeper' }).subscribe();
        cold('--n').subscribe(() => {
          condition
            .run(() => {
              condition.notify();
            })
            .catch(fail);
        });
      });
      expect(rows).toEqual(['1 sleeper    p.w', '*            --n']);
    });

    it('draws a notified waiter as waiting, until it holds the lock again', () => {
      const rows = drawn(({ cold }, look) => {
        const condition = new Condition();
        look(trace(condition.lock));
        condition.use((permit) => condition.wait({ permit }), { label: 'sleeper' }).subscribe();
        cold('--n--|')
          .pipe(withLock(condition, { label: 'other' }))
          .subscribe(() => {
            condition.notify();
          });
      });
      expect(rows).toEqual(['1 sleeper    (gr)w..(gr)', '2 other      g======r']);
    });

    it('draws a barrier that is aborted and reset', () => {
      const rows = drawn(({ cold }, look) => {
        const barrier = new Barrier(2);
        look(trace(barrier));
        cold('-a-o').subscribe((word) => {
          if (word === 'a') {
            barrier.abort();
          } else {
            barrier.reset();
          }
        });
      });
      expect(rows).toEqual(['*    -#-o']);
    });

    it('draws the steps of an event', () => {
      const rows = drawn(({ cold }, look) => {
        const event = new Event();
        look(trace(event));
        event.wait().subscribe();
        cold('--s-cs-|').subscribe({
          next: (word) => {
            if (word === 's') {
              event.set();
            } else {
              event.clear();
            }
          },
          complete: () => {
            event.complete();
          },
        });
      });
      expect(rows).toEqual(['1    p.g', '*    --s-cs-|']);
    });

    it('draws a downgrade as holding, and a resize', () => {
      const lock = drawn(({ cold }, look) => {
        const rw = new ReadWriteLock();
        look(trace(rw));
        const permit = rw.write.tryAcquire();
        cold('--x').subscribe(() => permit?.downgrade());
        cold('----x').subscribe(() => permit?.release());
      });
      expect(lock).toEqual(['1    g=d=r']);
      const semaphore = drawn(({ cold }, look) => {
        const slots = new BoundedSemaphore(1);
        look(trace(slots));
        cold('-x').subscribe(() => {
          slots.resize(2);
        });
      });
      expect(semaphore).toEqual(['*    -z']);
    });
  });

  describe('Several primitives', () => {
    it('names the primitives if there are several, and numbers those with the same name', () => {
      const rows = drawn(({ cold }, look) => {
        const [first, second, event] = [new Lock({ name: 'a' }), new Lock({ name: 'a' }), new Event()];
        look(merge(trace(first), trace(second), trace(event)));
        cold('              ----|     ').pipe(withLock(first)).subscribe();
        cold('              --|       ').pipe(withLock(second)).subscribe();
        cold('              -x        ')
          .pipe(mergeMap(() => NEVER.pipe(withLock(first))))
          .subscribe();
        cold('              --s       ').subscribe(() => {
          event.set();
        });
      });
      expect(rows).toEqual(['lock "a" 1       g===r', 'lock "a" 2       -p..g', 'lock "a" #2 1    g=r', 'event *          --s']);
    });

    it('keeps two primitives without a name apart, and the rows of each together', () => {
      const rows = drawn((_helpers, look) => {
        const [first, second] = [new Semaphore(1), new Semaphore(0)];
        look(merge(trace(second), trace(first)));
        first.release();
        second.release();
        first.acquire({ label: 'one' }).subscribe();
        second.acquire({ label: 'other' }).subscribe();
      });
      expect(rows).toEqual([
        'semaphore 1 one         g',
        'semaphore *             r',
        'semaphore #2 1 other    g',
        'semaphore #2 *          r',
      ]);
    });

    it('names no primitive if several traces are about the same one', () => {
      const rows = drawn((_helpers, look) => {
        const lock = new Lock({ name: 'a' });
        look(merge(trace(lock), trace(lock)));
        lock.tryAcquire();
      });
      expect(rows).toEqual(['1    (gg)']);
    });
  });

  describe('Emissions', () => {
    it('emits the diagram of all steps so far after each step', () => {
      const lock = new Lock();
      const diagrams: string[] = [];
      new TestScheduler(() => undefined).run(() => {
        marbleOf(trace(lock)).subscribe((diagram) => diagrams.push(diagram));
        const permit = lock.tryAcquire();
        lock.acquire({ label: 'b' }).subscribe();
        permit?.release();
      });
      expect(diagrams).toEqual(['1    g', '1      g\n2 b    p', '1      (gr)\n2 b    p', '1      (gr)\n2 b    (pg)']);
    });

    it('draws each subscription on its own', () => {
      const lock = new Lock();
      const [one, other]: [string[], string[]] = [[], []];
      new TestScheduler(() => undefined).run(({ cold, flush }) => {
        const diagrams = marbleOf(trace(lock));
        diagrams.subscribe((diagram) => one.push(diagram));
        cold('-x').subscribe(() => {
          lock.tryAcquire();
          diagrams.subscribe((diagram) => other.push(diagram));
          lock.release();
        });
        flush();
      });
      expect([one.at(-1), other.at(-1)]).toEqual(['1    -(gr)', '1    r']);
    });

    it('draws after each step what a model draws from the whole trace', () => {
      const [symbols, fillers]: [Record<string, string>, Record<string, string>] = [
        { park: 'p', grant: 'g', release: 'r', set: 's' },
        { park: '.', grant: '=' },
      ];
      const step = record({
        after: integer({ min: 0, max: 3 }),
        at: integer({ min: 0, max: 2 }),
        waiter: option(integer({ min: 1, max: 12 }), { nil: undefined }),
        step: constantFrom<TraceEvent['step'][]>('park', 'grant', 'release', 'set'),
      });
      const now = spyOn(Date, 'now');
      assert(
        property(array(step, { maxLength: 30, size: 'max' }), (steps) => {
          const primitives = [new Lock({ name: 'a' }), new Lock({ name: 'a' }), new Event()];
          const modelSteps: ModelStep[] = [];
          const traced = new Subject<TraceEvent>();
          let diagram = '';
          let frame = 0;
          now.and.callFake(() => frame);
          marbleOf(traced).subscribe((text) => (diagram = text));
          for (const { after, at, waiter, step } of steps) {
            const primitive = primitives[at] ?? new Event();
            const label = waiter === undefined || waiter % 3 > 0 ? undefined : 'label';
            frame += after;
            traced.next({ step, primitive, waiter, keys: undefined, label, place: undefined, state: undefined });
            modelSteps.push({
              frame,
              primitive: String(primitive),
              namesake: at,
              waiter,
              name: [waiter ?? '*', ...(label === undefined ? [] : [label])].join(' '),
              symbol: symbols[step] ?? '',
              filler: fillers[step] ?? '-',
            });
            expect(diagram).toBe(modelDiagram(modelSteps));
          }
        }),
      );
    });

    it('continues in the same frame when the clock is set back', () => {
      const now = spyOn(Date, 'now');
      let diagram = '';
      now.and.returnValue(1000);
      const lock = new Lock();
      const subscription = marbleOf(trace(lock)).subscribe((drawn) => (diagram = drawn));
      now.and.returnValue(1003);
      lock.tryAcquire();
      now.and.returnValue(990);
      lock.release();
      now.and.returnValue(1005);
      lock.tryAcquire();
      subscription.unsubscribe();
      expect(diagram).toBe('1    ---(gr)\n2    -------g');
    });

    it('starts its frames at subscribe', () => {
      const rows = drawn(({ cold }, look) => {
        const lock = new Lock();
        cold('---x').subscribe(() => {
          look(trace(lock));
        });
        cold('----x').subscribe(() => {
          lock.tryAcquire();
        });
      });
      expect(rows).toEqual(['1    -g']);
    });
  });
});
