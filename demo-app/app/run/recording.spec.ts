import { Lock, trace } from 'rxjs-locks';

import { Recording } from './recording';

describe('Recording', () => {
  let now = 0;
  const nameOf = (request: string) => (request.startsWith('PUT /edits/') ? `edit ${request.slice(11)}` : undefined);
  const begin = () => {
    now = 1_000;
    return new Recording(nameOf, () => now);
  };
  const story = (recording: Recording) =>
    recording
      .moments()
      .map(({ at, actor, kind, text }) => [at, actor, kind, text].filter((part) => part !== undefined).join(' '));

  it('counts the time from its beginning', () => {
    const recording = begin();
    recording.add('a', 'asked');
    now = 1_250;
    recording.add('a', 'note', 'slow');

    expect(recording.now()).toBe(250);
    expect(story(recording)).toEqual(['0 a asked', '250 a note slow']);
  });

  it('knows who has not come to an end', () => {
    const recording = begin();
    for (const actor of ['a', 'b', 'c']) recording.add(actor, 'asked');
    recording.add('d', 'queued');
    recording.add('a', 'done');
    recording.add('b', 'cancelled');
    recording.add('e', 'note');

    expect(recording.open()).toEqual(['c', 'd']);
  });

  it('tells an end once', () => {
    const recording = begin();
    recording.add('a', 'cancelled');
    recording.add('a', 'asked');
    recording.add('a', 'cancelled');
    recording.add('a', 'cancelled');
    recording.add('a', 'done');

    expect(story(recording)).toEqual(['0 a asked', '0 a cancelled']);
  });

  it('tells the error of a wait that the trace has called cancelled', () => {
    const recording = begin();
    recording.add('a', 'queued');
    recording.add('a', 'cancelled');
    recording.add('a', 'failed');

    expect(story(recording)).toEqual(['0 a queued', '0 a cancelled', '0 a failed']);
  });

  it('has the log of the server, and its moments by the names of the lanes', () => {
    const recording = begin();
    const entry = { sequence: 1, at: 5, request: 'PUT /edits/7' } as const;
    recording.addEntry({ ...entry, kind: 'arrived' });
    recording.addEntry({ ...entry, kind: 'damage', text: 'overwrote edit 8' });
    recording.addEntry({ ...entry, kind: 'answered', status: 200 });
    recording.addEntry({ ...entry, kind: 'answered', status: 503 });
    recording.addEntry({ ...entry, kind: 'answered', status: 503, text: 'not today' });
    recording.addEntry({ ...entry, request: 'GET /other', kind: 'arrived' });

    expect(recording.log().length).toBe(6);
    expect(story(recording)).toEqual([
      '0 edit 7 arrived',
      '0 edit 7 damage overwrote edit 8',
      '0 edit 7 answered',
      '0 edit 7 refused 503',
      '0 edit 7 refused not today',
    ]);
  });

  it('has the steps of a primitive, as moments of the labels', () => {
    const recording = begin();
    const lock = new Lock();
    const tracing = trace(lock).subscribe((event) => {
      recording.addStep(event);
    });
    const held = lock.acquire({ label: 'a' });
    const permits: { release(): void }[] = [];
    held.subscribe((permit) => permits.push(permit));
    const left = lock.acquire({ label: 'b' }).subscribe();
    lock.acquire({ label: 'PUT /api/runs/1-2/edits/7' }).subscribe((permit) => permits.push(permit));
    lock.acquire({ label: 'GET /api/runs/1-2/other' }).subscribe((permit) => permits.push(permit));
    left.unsubscribe();
    while (permits.length > 0) permits.shift()?.release();
    tracing.unsubscribe();

    expect(story(recording)).toEqual([
      '0 a granted',
      '0 b queued',
      '0 edit 7 queued',
      '0 b cancelled',
      '0 a released',
      '0 edit 7 granted',
      '0 edit 7 released',
    ]);
    expect(recording.traced().length).toBeGreaterThan(6);
    verifyTimes(recording);
  });

  function verifyTimes(recording: Recording): void {
    for (const { at } of recording.traced()) expect(at).toBe(0);
  }
});
