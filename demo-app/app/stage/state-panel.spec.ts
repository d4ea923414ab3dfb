import { TestBed } from '@angular/core/testing';
import { Lock, Semaphore, trace } from 'rxjs-locks';

import { StatePanel } from './state-panel';

describe('StatePanel', () => {
  it('shows the names and the states of primitives, as they change', async () => {
    const [lock, semaphore] = [new Lock({ name: 'document' }), new Semaphore(2, { name: 'slots' })];
    const fixture = TestBed.createComponent(StatePanel);
    const parts = () =>
      [...(fixture.nativeElement as HTMLElement).querySelectorAll('span, code')].map(({ textContent }) => textContent);
    fixture.componentRef.setInput('primitives', [
      { name: String(lock), state: lock, steps: trace(lock) },
      { name: String(semaphore), state: semaphore, steps: trace(semaphore) },
    ]);
    await fixture.whenStable();
    expect(parts()).toEqual([String(lock), 'locked false', 'waiting 0', String(semaphore), 'available 2', 'waiting 0']);
    const permit = lock.tryAcquire();
    const waiter = lock.acquire().subscribe();
    await fixture.whenStable();
    expect(parts().slice(1, 3)).toEqual(['locked true', 'waiting 1']);
    fixture.componentRef.setInput('primitives', []);
    await fixture.whenStable();

    expect(parts()).toEqual([]);
    waiter.unsubscribe();
    permit?.release();
  });
});
