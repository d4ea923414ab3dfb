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
function growing(name: string, of: string, size: number, work: Work, finish: (size: number) => void = () => undefined): Case {
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
        // eslint-disable-next-line @typescript-eslint/require-await -- the same
        async finish(count): Promise<void> {
          finish(count);
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

/** How many units are released to a long queue, one after another. */
const RELEASED = 1_000;

/** How many come to a long queue and leave it again. */
const PASSING = 1_000;

/**
 * What it takes to come to a queue and to leave it, in which each waiter has a priority of its own. The queue is kept from one run
 * to the next: the collection of garbage would copy a new one, in the middle of what is measured.
 */
function passing(name: string, open: (semaphore: Semaphore) => void = () => undefined): Case {
  const queues = new Map<number, RisingQueue>();
  const queueOf = (size: number): RisingQueue => {
    const queue = queues.get(size) ?? new RisingQueue(size, open);
    queues.set(size, queue);
    return queue;
  };
  const pass: Work = (size, timed) => {
    const queue = queueOf(size);
    timed(() => {
      queue.pass();
    });
    must(queue.semaphore.waiting === size, 'not everyone left');
  };
  const finish = (size: number): void => {
    queueOf(size).drain();
  };
  return { ...growing(name, 'waiters', 2_500, pass, finish), each: PASSING };
}

class RisingQueue {
  readonly semaphore = new Semaphore(0);
  private last: number;
  private inOrder = 0;

  constructor(
    private readonly size: number,
    open: (semaphore: Semaphore) => void,
  ) {
    this.last = size;
    for (let priority = 0; priority < size; priority++) {
      this.semaphore.acquire({ priority }).subscribe(() => {
        this.inOrder += priority < this.last ? 1 : 0;
        this.last = priority;
      });
    }
    open(this.semaphore);
  }

  /** Each of them has a new priority, and stands in the middle. */
  pass(): void {
    for (let i = 0; i < PASSING; i++) {
      const priority = this.size / 2 - 1 / (i + 2);
      this.semaphore.acquire({ priority }).subscribe().unsubscribe();
    }
  }

  drain(): void {
    this.semaphore.release(this.size);
    must(this.inOrder === this.size, 'the highest priority did not always go first');
  }
}

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
  passing('trace of a semaphore, priorities', (semaphore) => {
    const middle = semaphore.waiting / 2 + 1;
    trace(semaphore).subscribe(({ step, place }) => {
      must(step !== 'park' || place === middle, 'it stood somewhere else');
    });
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
  passing('a new priority for each waiter'),
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
