import { TestBed } from '@angular/core/testing';

import { StatePanel } from './state-panel';

describe('StatePanel', () => {
  it('shows the names and the states of primitives', async () => {
    const fixture = TestBed.createComponent(StatePanel);
    const parts = () =>
      [...(fixture.nativeElement as HTMLElement).querySelectorAll('span, code')].map(({ textContent }) => textContent);
    fixture.componentRef.setInput('states', [
      { name: 'lock "document"', state: { locked: false, waiting: 0 } },
      { name: 'semaphore "slots"', state: { available: 2 } },
    ]);
    await fixture.whenStable();
    expect(parts()).toEqual(['lock "document"', 'locked false', 'waiting 0', 'semaphore "slots"', 'available 2']);
    fixture.componentRef.setInput('states', []);
    await fixture.whenStable();

    expect(parts()).toEqual([]);
  });
});
