import { concat, NEVER, of, range, type Observable } from 'rxjs';
import { BoundedSemaphore, Condition, Event, Lock, Semaphore, trace } from 'rxjs-locks';
import { gateByEvent } from 'rxjs-locks/operators';
import { marbleOf } from 'rxjs-locks/testing';

import type { Case } from '../harness/case.js';
import { must } from '../harness/task.js';

/** Runs and checks a workload of the given size. Only the part passed to `timed` is measured. */
type Workload = (size: number, timed: (part: () => void) => void) => void;

/**
 * A case whose time must grow in proportion to its size: four times the size may take at most six times the time. No peer has
 * the measured feature, so there is no comparison.
 */
function growing(
  name: string,
  of: string,
  size: number,
  workload: Workload,
  finish: (size: number) => void = () => undefined,
): Case {
  return {
    name,
    sizes: [size, 4 * size],
    of,
    growth: { atMost: 6 / 4 },
    contestants: [
      {
        name: 'rxjs-locks',
        role: 'ours',
        // eslint-disable-next-line @typescript-eslint/require-await -- the workload is synchronous
        async run(count): Promise<number> {
          let taken = 0;
          workload(count, (part) => {
            const start = performance.now();
            part();
            taken += performance.now() - start;
          });
          return taken;
        },
        // eslint-disable-next-line @typescript-eslint/require-await -- `finish` is synchronous
        async finish(count): Promise<void> {
          finish(count);
        },
      },
    ],
  };
}

/** Subscribes to the source, and returns a function that returns the number of emissions so far. */
function counted(source: Observable<unknown>): () => number {
  let count = 0;
  source.subscribe(() => {
    count++;
  });
  return () => count;
}

/** The number of units released to a long queue, one at a time. */
const RELEASED = 1_000;

/** The number of waiters that join a long queue and are cancelled. */
const CANCELLED = 1_000;

/**
 * Measures enqueueing and cancelling in a queue whose waiters all have different priorities. The queue is kept between the runs,
 * because the garbage collector would copy a new queue during the measured time.
 */
function enqueueAndCancel(name: string, prepare: (semaphore: Semaphore) => void = () => undefined): Case {
  const queues = new Map<number, PriorityQueue>();
  const queueOf = (size: number): PriorityQueue => {
    const queue = queues.get(size) ?? new PriorityQueue(size, prepare);
    queues.set(size, queue);
    return queue;
  };
  const run: Workload = (size, timed) => {
    const queue = queueOf(size);
    timed(() => {
      queue.enqueueAndCancel();
    });
    must(queue.semaphore.waiting === size, 'not all waiters were cancelled');
  };
  const finish = (size: number): void => {
    queueOf(size).drain();
  };
  return { ...growing(name, 'waiters', 2_500, run, finish), each: CANCELLED };
}

class PriorityQueue {
  readonly semaphore = new Semaphore(0);
  private last: number;
  private inOrder = 0;

  constructor(
    private readonly size: number,
    prepare: (semaphore: Semaphore) => void,
  ) {
    this.last = size;
    for (let priority = 0; priority < size; priority++) {
      this.semaphore.acquire({ priority }).subscribe(() => {
        this.inOrder += priority < this.last ? 1 : 0;
        this.last = priority;
      });
    }
    prepare(this.semaphore);
  }

  /** Each waiter has a new priority, and its place is in the middle of the queue. */
  enqueueAndCancel(): void {
    for (let i = 0; i < CANCELLED; i++) {
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
    must(!condition.locked() && steps() === 2 * size + 1, 'not all waiters were notified, or the trace lacks a step');
  }),
  enqueueAndCancel('trace of a semaphore, priorities', (semaphore) => {
    const middle = semaphore.waiting / 2 + 1;
    trace(semaphore).subscribe(({ step, place }) => {
      must(step !== 'park' || place === middle, 'the waiter had another place');
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
    must(!lock.locked() && diagram.split('\n').length === size, 'the diagram does not have a line for each waiter');
  }),
  {
    ...growing('resize() after each task', 'waiters', 10_000, (size, timed) => {
      const slots = new BoundedSemaphore(8);
      slots.tryAcquire(8);
      let done = 0;
      const keepPermit = { next: () => done++, error: () => undefined };
      for (let i = 0; i < size; i++) {
        slots.acquire(1 + (i % 4)).subscribe(keepPermit);
      }
      timed(() => {
        for (let released = 0; released < RELEASED; released++) {
          slots.release();
          slots.resize(4 + (released % 5));
        }
      });
      must(done > RELEASED / 4 && slots.waiting === size - done, 'not every released unit was granted again');
      slots.cancelWaiters();
    }),
    each: RELEASED,
  },
  enqueueAndCancel('a new priority for each waiter'),
  growing('gates, while the first one toggles their event', 'gates', 1_000, (size, timed) => {
    const event = new Event();
    // The first gate holds back as many values as there are gates. Each of the other gates holds back one.
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
    must(others.every((count) => count() === 1) && event.waiting === 0, 'not every gate emitted its values');
  }),
];
