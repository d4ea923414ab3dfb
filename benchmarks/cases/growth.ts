import { concat, NEVER, of, range, type Observable } from 'rxjs';
import { BoundedSemaphore, Condition, Event, Lock, Semaphore, trace } from 'rxjs-locks';
import { gateByEvent } from 'rxjs-locks/operators';
import { marbleOf } from 'rxjs-locks/testing';

import type { Case } from '../harness/case.js';
import { must } from '../harness/work.js';

/** Does something for `size` of them, checks that it was done, and passes to `timed` what counts of it. */
type Work = (size: number, timed: (part: () => void) => void) => void;

/**
 * What must take time in proportion to its size: four times the size takes six times the time at most. No peer does the same, so
 * there is nobody to compare with.
 */
function growing(name: string, of: string, size: number, work: Work): Case {
  return {
    name,
    sizes: [size, 4 * size],
    of,
    growth: { atMost: 6 / 4 },
    contestants: [
      {
        name: 'rxjs-locks',
        role: 'ours',
        // eslint-disable-next-line @typescript-eslint/require-await -- all of it is synchronous
        async run(count): Promise<number> {
          let taken = 0;
          work(count, (part) => {
            const start = performance.now();
            part();
            taken += performance.now() - start;
          });
          return taken;
        },
      },
    ],
  };
}

/** Counts what it emits from now on. */
function counted(source: Observable<unknown>): () => number {
  let count = 0;
  source.subscribe(() => {
    count++;
  });
  return () => count;
}

/** How many units are released, one after another, while the queue is long. */
const RELEASED = 1_000;

export const cases: readonly Case[] = [
  growing('trace of a condition, notifyAll()', 'waiters', 5_000, (size, timed) => {
    const condition = new Condition();
    const steps = counted(trace(condition));
    const section = condition.use((permit) => condition.wait({ permit }));
    const notifyAll = condition.use(() => {
      condition.notifyAll();
      return of(undefined);
    });
    for (let i = 0; i < size; i++) {
      section.subscribe();
    }
    timed(() => notifyAll.subscribe());
    must(!condition.locked() && steps() === 2 * size + 1, 'not all were notified, or not every step was told');
  }),
  growing('trace of a semaphore, priorities', 'waiters', 5_000, (size, timed) => {
    const semaphore = new Semaphore(0);
    let places = 0;
    trace(semaphore).subscribe(({ place = 0 }) => {
      places += place;
    });
    timed(() => {
      for (let i = 0; i < size; i++) {
        semaphore.acquire({ priority: i }).subscribe();
      }
      semaphore.release(size);
    });
    must(semaphore.waiting === 0 && places === size, 'not all stood at the head and went in');
  }),
  growing('marbleOf, in real time', 'waiters', 250, (size, timed) => {
    const lock = new Lock();
    let diagram = '';
    marbleOf(trace(lock)).subscribe((drawn) => {
      diagram = drawn;
    });
    timed(() => {
      for (let i = 0; i < size; i++) {
        lock.acquire().subscribe();
      }
      for (let i = 0; i < size; i++) {
        lock.release();
      }
    });
    must(!lock.locked() && diagram.split('\n').length === size, 'not everyone has a line');
  }),
  {
    ...growing('resize() after each task', 'waiters', 10_000, (size, timed) => {
      const slots = new BoundedSemaphore(8);
      slots.tryAcquire(8);
      let done = 0;
      const stays = { next: () => done++, error: () => undefined };
      for (let i = 0; i < size; i++) {
        slots.acquire(1 + (i % 4)).subscribe(stays);
      }
      timed(() => {
        for (let released = 0; released < RELEASED; released++) {
          slots.release();
          slots.resize(4 + (released % 5));
        }
      });
      must(done > RELEASED / 4 && slots.waiting === size - done, 'not every unit was handed on');
      slots.cancelWaiters();
    }),
    each: RELEASED,
  },
  growing('a new priority for each waiter', 'waiters', 2_500, (size, timed) => {
    const semaphore = new Semaphore(0);
    let last = size;
    let inOrder = 0;
    timed(() => {
      for (let priority = 0; priority < size; priority++) {
        semaphore.acquire({ priority }).subscribe(() => {
          inOrder += priority < last ? 1 : 0;
          last = priority;
        });
      }
      semaphore.release(size);
    });
    must(inOrder === size, 'the highest priority did not always go first');
  }),
  growing('gates, while the first one toggles their event', 'gates', 1_000, (size, timed) => {
    const event = new Event();
    // The first holds as many values as there are gates; each of the others holds one.
    concat(range(0, size), NEVER)
      .pipe(gateByEvent(event))
      .subscribe(() => {
        event.clear();
        event.set();
      });
    const others = Array.from({ length: size - 1 }, (_, value) => counted(concat(of(value), NEVER).pipe(gateByEvent(event))));
    timed(() => {
      event.set();
    });
    must(others.every((count) => count() === 1) && event.waiting === 0, 'not every gate let its values through');
  }),
];
