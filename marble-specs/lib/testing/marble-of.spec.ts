import { merge, mergeMap, NEVER, type Observable } from 'rxjs';
import { Barrier, BoundedSemaphore, Condition, Event, Lock, ReadWriteLock, trace, type TraceEvent } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';
import { marbleOf } from 'rxjs-locks/testing';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';

/** What is drawn of a run. */
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
  it('draws one line for each who came, with its label', () => {
    const lines = drawn(({ cold }, look) => {
      const lock = new Lock();
      look(trace(lock));
      const second = cold('---|').pipe(withLock(lock, { label: 'second' }));
      cold('              ----|     ').pipe(withLock(lock, { label: 'first' })).subscribe();
      cold('              -x        ').pipe(mergeMap(() => second)).subscribe();
      const third = cold('--x       ').pipe(mergeMap(() => NEVER.pipe(withLock(lock)))).subscribe();
      cold('              ----x     ').subscribe(() => {
        third.unsubscribe();
      });
    });
    expect(lines).toEqual([
      '1 first     g===r',
      '2 second    -p..g==r',
      '3           --p.x',
    ]);
  });

  it('writes several steps of one frame in brackets, and keeps all lines in step', () => {
    const lines = drawn(({ cold }, look) => {
      const lock = new Lock();
      look(trace(lock));
      const section = cold('|').pipe(withLock(lock));
      cold('-a----').subscribe(() => section.subscribe());
      cold('--b---').subscribe(() => NEVER.pipe(withLock(lock)).subscribe());
      cold('--------c').subscribe(() => section.subscribe());
    });
    expect(lines).toEqual([
      '1    -(gr)',
      '2    -----g',
      '3    -----------p',
    ]);
  });

  it('draws who sleeps in a condition in the line of its lock, and what concerns nobody in one of its own', () => {
    const lines = drawn(({ cold }, look) => {
      const condition = new Condition();
      look(trace(condition));
      condition.use((permit) => condition.wait({ permit }), { label: 'sleeper' }).subscribe();
      cold('--n').subscribe(() => {
        condition.run(() => {
          condition.notify();
        }).catch(fail);
      });
    });
    expect(lines).toEqual([
      '1 sleeper    p.w',
      '*            --n',
    ]);
  });

  it('draws who was notified as waiting, until it holds the lock again', () => {
    const lines = drawn(({ cold }, look) => {
      const condition = new Condition();
      look(trace(condition.lock));
      condition.use((permit) => condition.wait({ permit }), { label: 'sleeper' }).subscribe();
      cold('--n--|').pipe(withLock(condition, { label: 'other' })).subscribe(() => {
        condition.notify();
      });
    });
    expect(lines).toEqual([
      '1 sleeper    (gr)w..(gr)',
      '2 other      g======r',
    ]);
  });

  it('draws a barrier that is aborted and reset', () => {
    const lines = drawn(({ cold }, look) => {
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
    expect(lines).toEqual(['*    -#-o']);
  });

  it('draws lines by their numbers, those of several primitives together, and what concerns nobody last', () => {
    const lines = drawn(({ cold }, look) => {
      const event = new Event();
      const lock = new Lock();
      look(merge(trace(lock), trace(event)));
      lock.acquire({ label: 'in' }).subscribe();
      lock.acquire({ label: 'behind' }).subscribe();
      event.set();
      cold('--x').subscribe(() => {
        event.wait({ label: 'late' }).subscribe();
      });
    });
    expect(lines).toEqual([
      '1 in        g',
      '1 late      --g',
      '2 behind    p',
      '*           s',
    ]);
  });

  it('draws what is done to an event', () => {
    const lines = drawn(({ cold }, look) => {
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
    expect(lines).toEqual([
      '1    p.g',
      '*    --s-cs-|',
    ]);
  });

  it('draws a downgrade as being inside, and a size that changes', () => {
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

  it('begins to count when it is subscribed to', () => {
    const lines = drawn(({ cold }, look) => {
      const lock = new Lock();
      cold('---x').subscribe(() => {
        look(trace(lock));
      });
      cold('----x').subscribe(() => {
        lock.tryAcquire();
      });
    });
    expect(lines).toEqual(['1    -g']);
  });
});
