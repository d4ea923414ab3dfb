import { TestBed } from '@angular/core/testing';

import { stopped, unreachable, type Verdict, VerdictBox } from './verdict';

describe('VerdictBox', () => {
  it('shows the verdict to readers of the screen and to screen readers', async () => {
    const fixture = TestBed.createComponent(VerdictBox);
    const box = () => (fixture.nativeElement as HTMLElement).querySelector<HTMLElement>('[role=status]');
    const icons = new Set<string | null | undefined>();
    for (const tone of ['good', 'bad', 'busy', 'idle', 'stopped'] as const) {
      const verdict: Verdict = { tone, headline: 'Right.', detail: `It is ${tone}.` };
      fixture.componentRef.setInput('verdict', verdict);
      await fixture.whenStable();
      expect(box()?.dataset['tone']).toBe(tone);
      expect(box()?.querySelector('strong')?.textContent).toBe('Right.');
      expect(box()?.querySelector('span')?.textContent).toBe(`It is ${tone}.`);
      icons.add(box()?.querySelector('path')?.getAttribute('d'));
    }

    expect(icons.size).toBe(5);
  });

  it('has no good or bad tone for a run without a result', () => {
    expect([stopped.tone, unreachable('503').tone]).toEqual(['stopped', 'stopped']);
    expect(unreachable('503: not today').detail).toBe('The backend did not answer: 503: not today.');
  });
});
