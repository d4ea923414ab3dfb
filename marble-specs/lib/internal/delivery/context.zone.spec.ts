import { timer } from 'rxjs';
import { Lock } from 'rxjs-locks';

import { itKeepsContexts } from '../../../contracts/contexts.js';

describe('With zone.js, a waiter', () => {
  const zone = (name: string): Zone => Zone.root.fork({ name });

  itKeepsContexts({
    current: () => Zone.current.name,
    run: (name, task) => {
      zone(name).run(task);
    },
  });

  it('is granted in its own zone, not in the zone of the release', () => {
    const lock = new Lock();
    const record: string[] = [];
    const holder = lock.tryAcquire();
    zone('waiter').run(() => {
      lock.acquire().subscribe(() => record.push(Zone.current.name));
    });
    zone('releaser').run(() => holder?.release());
    expect(record).toEqual(['waiter']);
  });

  it('runs its task in its own zone, which then owns the timers of the task', async () => {
    const lock = new Lock();
    const record: string[] = [];
    const holder = lock.tryAcquire();
    const done = new Promise<void>((resolve) => {
      zone('waiter').run(() => {
        lock
          .use(() => timer(0))
          .subscribe({
            next: () => record.push(Zone.current.name),
            complete: resolve,
          });
      });
    });
    zone('releaser').run(() => holder?.release());
    await done;
    expect(record).toEqual(['waiter']);
  });
});
