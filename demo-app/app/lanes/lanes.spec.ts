import { type HttpEvent, HttpEventType } from '@angular/common/http';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';

import { LaneBoard } from './lane-board';
import { Lanes } from './lanes';

describe('Lanes', () => {
  let board: LaneBoard;
  let fixture: ComponentFixture<Lanes>;
  let page: HTMLElement;

  const caller = (label: string) => {
    const events = new Subject<HttpEvent<unknown>>();
    events.pipe(board.track(label)).subscribe({ error: () => undefined });
    return events;
  };
  const text = (row: Element, part: string) => row.querySelector(part)?.textContent ?? '';
  const rows = () => [...page.querySelectorAll('ol > li')].map((row) => `${text(row, '.name')} ${text(row, '.outcome')}`);
  const cancelOf = (label: string) => page.querySelector<HTMLButtonElement>(`button[aria-label="Cancel ${label}"]`);

  beforeEach(async () => {
    board = new LaneBoard();
    fixture = TestBed.createComponent(Lanes);
    fixture.componentRef.setInput('board', board);
    fixture.componentRef.setInput('other', new LaneBoard());
    fixture.componentRef.setInput('label', 'callers');
    page = fixture.nativeElement as HTMLElement;
    await fixture.whenStable();
  });

  it('shows a hint if there are no callers', () => {
    expect(page.textContent).toContain('Each caller will appear here');
    expect(page.querySelector('ol')).toBeNull();
  });

  it('shows one row for each caller, with its state as text', async () => {
    const [waits, enters, fails] = [caller('a'), caller('b'), caller('c')];
    enters.next({ type: HttpEventType.Sent });
    fails.next({ type: HttpEventType.Sent });
    fails.error('refused');
    await fixture.whenStable();

    expect(rows()).toEqual(['a waiting', 'b running', 'c failed']);
    expect(page.querySelector('ol')?.getAttribute('aria-label')).toBe('callers');
    waits.complete();
    enters.complete();
  });

  it('draws the wait hatched and the run solid', async () => {
    const events = caller('a');
    await fixture.whenStable();
    expect(page.querySelectorAll('.track .waiting').length).toBe(1);
    expect(page.querySelectorAll('.track .running').length).toBe(0);
    events.next({ type: HttpEventType.Sent });
    await fixture.whenStable();

    expect(page.querySelectorAll('.track .running').length).toBe(1);
    events.complete();
  });

  it('moves while a caller is active', async () => {
    const events = caller('a');
    const width = () => Number.parseFloat(page.querySelector<HTMLElement>('.track .waiting')?.style.width ?? '0');
    await fixture.whenStable();
    const before = width();
    while (width() === before) await new Promise(requestAnimationFrame);

    expect(width()).toBeGreaterThan(before);
    events.complete();
  });

  it('cancels the caller of the pressed button, and keeps the focus in its row', async () => {
    const other = caller('a');
    const events = caller('b');
    document.body.append(page);
    await fixture.whenStable();
    cancelOf('b')?.click();
    await fixture.whenStable();

    expect(events.observed).toBeFalse();
    expect(rows()).toEqual(['a waiting', 'b cancelled']);
    expect(cancelOf('b')).toBeNull();
    expect(document.activeElement?.textContent).toContain('b');
    other.complete();
  });
});
