import { type HttpEvent, HttpEventType, HttpResponse } from '@angular/common/http';
import { Subject } from 'rxjs';

import { LaneBoard } from './lane-board';

const sent: HttpEvent<unknown> = { type: HttpEventType.Sent };
const answer: HttpEvent<unknown> = new HttpResponse({ body: null });

describe('LaneBoard', () => {
  let time: number;
  let board: LaneBoard;
  const states = () => board.lanes().map((lane) => `${lane.label} ${lane.state}`);

  beforeEach(() => {
    time = 0;
    board = new LaneBoard(() => time);
  });

  it('adds no lane before the subscription', () => {
    new Subject<HttpEvent<unknown>>().pipe(board.track('a'));

    expect(board.lanes()).toEqual([]);
  });

  it('shows a caller as waiting, then running, then done', () => {
    const events = new Subject<HttpEvent<unknown>>();
    events.pipe(board.track('a')).subscribe();
    expect(states()).toEqual(['a waiting']);
    time = 10;
    events.next(sent);
    expect(states()).toEqual(['a running']);
    time = 30;
    events.next(answer);
    events.complete();

    expect(board.lanes()).toEqual([{ id: 1, label: 'a', state: 'done', queuedAt: 0, startedAt: 10, endedAt: 30 }]);
  });

  it('shows a failure, and passes the error on', () => {
    const events = new Subject<HttpEvent<unknown>>();
    const errors: unknown[] = [];
    events.pipe(board.track('a')).subscribe({ error: (error: unknown) => errors.push(error) });
    events.next(sent);
    events.error('refused');

    expect(states()).toEqual(['a failed']);
    expect(errors).toEqual(['refused']);
  });

  it('shows an unsubscribed caller as cancelled', () => {
    const subscription = new Subject<HttpEvent<unknown>>().pipe(board.track('a')).subscribe();
    subscription.unsubscribe();

    expect(states()).toEqual(['a cancelled']);
  });

  it('cancels one caller: unsubscribes its source, completes its output, and keeps the others', () => {
    const [first, second] = [new Subject<HttpEvent<unknown>>(), new Subject<HttpEvent<unknown>>()];
    const record: string[] = [];
    first.pipe(board.track('a')).subscribe({ complete: () => record.push('a completed') });
    second.pipe(board.track('b')).subscribe({ complete: () => record.push('b completed') });
    board.cancel(1);

    expect(states()).toEqual(['a cancelled', 'b waiting']);
    expect([first.observed, second.observed]).toEqual([false, true]);
    expect(record).toEqual(['a completed']);
  });

  it('ignores the cancellation of an ended or unknown caller', () => {
    const events = new Subject<HttpEvent<unknown>>();
    events.pipe(board.track('a')).subscribe();
    events.complete();
    board.cancel(1);
    board.cancel(99);

    expect(states()).toEqual(['a done']);
  });

  it('counts the waiting and running callers, and the largest number of running ones', () => {
    const callers = ['a', 'b', 'c'].map((label) => {
      const events = new Subject<HttpEvent<unknown>>();
      events.pipe(board.track(label)).subscribe();
      return events;
    });
    callers[0]?.next(sent);
    callers[1]?.next(sent);
    expect([board.waiting(), board.running(), board.active(), board.ended()]).toEqual([1, 2, 3, 0]);
    callers[0]?.complete();
    board.cancel(3);

    expect([board.waiting(), board.running(), board.active(), board.ended()]).toEqual([0, 1, 1, 2]);
    expect([board.cancelled(), board.largestRunning()]).toEqual([1, 2]);
  });

  it('removes the oldest ended lane to add a forty-first one', () => {
    const first = new Subject<HttpEvent<unknown>>();
    first.pipe(board.track('first')).subscribe();
    for (let lane = 2; lane <= 41; lane++) {
      new Subject<HttpEvent<unknown>>()
        .pipe(board.track(String(lane)))
        .subscribe()
        .unsubscribe();
    }

    expect(board.lanes().length).toBe(40);
    expect(board.lanes()[0]?.label).toBe('first');
    expect(board.lanes()[1]?.label).toBe('3');
  });

  it('is empty after clear', () => {
    new Subject<HttpEvent<unknown>>().pipe(board.track('a')).subscribe().unsubscribe();
    board.clear();

    expect(board.lanes()).toEqual([]);
    expect(board.largestRunning()).toBe(0);
  });
});
