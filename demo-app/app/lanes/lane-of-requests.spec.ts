import { Event, trace } from 'rxjs-locks';

import type { Moment } from '../run/moment';
import { Recording } from '../run/recording';
import { lanesAt, type Lane } from './lane';

const laneOf = (...moments: readonly Omit<Moment, 'actor'>[]): Lane | undefined =>
  lanesAt(
    moments.map((moment) => ({ actor: 'file', ...moment })),
    ['file'],
  )[0];

/** An actor that sends several requests, one after another. */
describe('The lane of an upload', () => {
  it('shows the progress beside what happens now', () => {
    const moments = [
      { at: 0, kind: 'asked' },
      { at: 1, kind: 'arrived' },
      { at: 2, kind: 'answered' },
      { at: 2, kind: 'progress', text: '1 of 4' },
    ] as const;

    expect(laneOf(...moments)?.state).toBe('1 of 4');
    expect(laneOf(...moments, { at: 3, kind: 'queued' })?.state).toBe('1 of 4, in the queue');
    expect(laneOf(...moments, { at: 3, kind: 'done' })?.state).toBe('done');
  });

  it('stays in the queue for its next request when the log tells later of its last answer', () => {
    const lane = laneOf(
      { at: 0, kind: 'asked' },
      { at: 1, kind: 'arrived' },
      { at: 2, kind: 'queued' },
      { at: 3, kind: 'answered' },
    );

    expect(lane?.state).toBe('in the queue');
    expect(lane?.stretches.at(-1)).toEqual({ phase: 'queued', from: 2, to: null });
  });

  it('holds nothing when an event has let it pass', () => {
    const recording = new Recording();
    const event = new Event();
    trace(event).subscribe((step) => {
      recording.addStep(step);
    });
    event.wait({ label: 'file' }).subscribe();
    event.set();

    expect(recording.moments().map(({ kind }) => kind)).toEqual(['queued']);
  });
});
