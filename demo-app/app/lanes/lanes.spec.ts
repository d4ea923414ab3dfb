import { TestBed } from '@angular/core/testing';

import type { Moment } from '../run/moment';
import { lanesAt } from './lane';
import { Lanes } from './lanes';

describe('Lanes', () => {
  const moments: readonly Moment[] = [
    { at: 0, actor: 'edit 1', kind: 'queued' },
    { at: 100, actor: 'edit 1', kind: 'granted' },
    { at: 0, actor: 'edit 2', kind: 'asked' },
    { at: 200, actor: 'edit 2', kind: 'arrived' },
    { at: 300, actor: 'edit 2', kind: 'damage', text: 'overwrote edit 3' },
    { at: 300, actor: 'edit 2', kind: 'done' },
  ];
  const drawn = async (inputs: Readonly<Record<string, unknown>> = {}) => {
    const fixture = TestBed.createComponent(Lanes);
    const given = {
      lanes: lanesAt(moments, ['edit 1', 'edit 2', 'edit 3']),
      now: 300,
      span: 1_000,
      label: 'Lanes of a job',
      ...inputs,
    };
    for (const [name, value] of Object.entries(given)) fixture.componentRef.setInput(name, value);
    await fixture.whenStable();
    return { fixture, element: fixture.nativeElement as HTMLElement };
  };
  const bars = (element: HTMLElement, actor: string) =>
    [...element.querySelectorAll(`[data-actor="${actor}"] .bar`)].map((bar) => [
      bar.getAttribute('class'),
      Number(bar.getAttribute('x')),
      Number(bar.getAttribute('width')),
    ]);

  it('draws a row for each actor, with its state in words', async () => {
    const { element } = await drawn();

    expect(element.querySelector('ol')?.getAttribute('aria-label')).toBe('Lanes of a job');
    expect(
      [...element.querySelectorAll<HTMLElement>('ol li')].map((row) => [
        row.querySelector('.name')?.textContent,
        row.querySelector('.state')?.textContent,
        row.dataset['tone'],
      ]),
    ).toEqual([
      ['edit 1', 'holds', 'busy'],
      ['edit 2', 'overwrote edit 3', 'bad'],
      ['edit 3', '', 'none'],
    ]);
  });

  it('draws stretches to scale, and the open one up to now', async () => {
    const { element } = await drawn();
    const [first = [], second = []] = bars(element, 'edit 1');
    const perMillisecond = Number(first[2]) / 100;

    expect([first[0], second[0]]).toEqual(['bar queued', 'bar holding']);
    expect(Number(second[1])).toBeCloseTo(100 * perMillisecond);
    expect(Number(second[2])).toBeCloseTo(200 * perMillisecond);
  });

  it('draws damage where it happened', async () => {
    const { element } = await drawn();
    const signs = element.querySelectorAll('[data-actor="edit 2"] .sign');

    expect([...signs].map((sign) => [sign.getAttribute('class'), sign.textContent.trim()])).toEqual([['sign damage', '✕']]);
  });

  it('takes a larger scale, in steps, when the time exceeds the span', async () => {
    const axis = async (now: number) => {
      const { element } = await drawn({ now });
      return [...element.querySelectorAll('.axis text')].map(({ textContent }) => textContent).at(-1);
    };

    expect(await axis(999)).toBe('1 s');
    expect(await axis(1_001)).toBe('1.5 s');
    expect(await axis(1_499)).toBe('1.5 s');
    expect(await axis(3_000)).toBe('3 s');
  });

  it('draws what happened since a time, at the left end', async () => {
    const { element } = await drawn({ from: 200, now: 700 });
    const [only = []] = bars(element, 'edit 1');
    const perMillisecond = Number(only[2]) / 500;
    const ticks = [...element.querySelectorAll('.axis text')].map(({ textContent }) => textContent);

    expect(bars(element, 'edit 1').length).toBe(1);
    expect(only.slice(0, 2)).toEqual(['bar holding', 0]);
    expect(element.querySelectorAll('[data-actor="edit 2"] .sign').length).toBe(1);
    expect(bars(element, 'edit 2').at(-1)?.[2]).toBeCloseTo(100 * perMillisecond);
    expect([ticks[0], ticks.at(-1)]).toEqual(['0.25 s', '1 s']);
  });

  it('has a button on each waiting lane while the run goes on', async () => {
    const { fixture, element } = await drawn();
    const cancelled: string[] = [];
    fixture.componentInstance.cancelled.subscribe((actor) => cancelled.push(actor));
    expect(element.querySelectorAll('button').length).toBe(0);
    fixture.componentRef.setInput('isLive', true);
    await fixture.whenStable();
    const buttons = [...element.querySelectorAll('button')];
    expect(buttons.map((button) => button.getAttribute('aria-label'))).toEqual(['Cancel edit 1']);
    buttons[0]?.click();

    expect(cancelled).toEqual(['edit 1']);
  });
});
