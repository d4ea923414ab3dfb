import type { Moment, MomentKind } from '../run/moment';
import { lanesAt } from './lane';

/** Moments of one actor, ten milliseconds apart: `asked sent arrived`. A text follows a colon. */
const moments = (story: string): Moment[] =>
  story.split(' ').map((moment, index) => {
    const [kind, text] = moment.split(':');
    return { at: 10 * index, actor: 'actor', kind: kind as MomentKind, ...(text !== undefined && { text }) };
  });

const laneOf = (story: string, time?: number) => {
  const [lane] = lanesAt(moments(story), ['actor'], time);
  if (lane === undefined) throw new Error('there is no lane');
  return lane;
};

/** `idle 0-10, sent 10-`: the stretches in words. */
const stretches = (story: string, time?: number): string =>
  laneOf(story, time)
    .stretches.map(({ phase, from, to }) => `${phase} ${String(from)}-${String(to ?? '')}`)
    .join(', ');

describe('lanesAt', () => {
  it('has a lane for each actor in advance, then for others as they appear', () => {
    const other: Moment = { at: 0, actor: 'other', kind: 'asked' };

    expect(lanesAt([], ['b', 'a']).map(({ actor }) => actor)).toEqual(['b', 'a']);
    expect(lanesAt([other], ['b', 'a']).map(({ actor }) => actor)).toEqual(['b', 'a', 'other']);
    expect(lanesAt([], ['a'])).toEqual([{ actor: 'a', stretches: [], marks: [], isWaiting: false, state: '', tone: 'none' }]);
  });

  for (const [story, expected, state, tone] of [
    ['asked', 'idle 0-', 'waits', 'busy'],
    ['asked sent', 'idle 0-10, sent 10-', 'on its way', 'busy'],
    ['asked sent arrived', 'idle 0-10, sent 10-20, server 20-', 'at the server', 'busy'],
    ['asked sent arrived answered done', 'idle 0-10, sent 10-20, server 20-30, idle 30-40', 'done', 'good'],
    ['asked sent arrived done answered', 'idle 0-10, sent 10-20, server 20-30', 'done', 'good'],
    ['queued', 'queued 0-', 'in the queue', 'busy'],
    ['queued granted', 'queued 0-10, holding 10-', 'holds', 'busy'],
    ['queued granted asked sent', 'queued 0-10, holding 10-30, sent 30-', 'on its way', 'busy'],
    [
      'queued granted sent arrived answered',
      'queued 0-10, holding 10-20, sent 20-30, server 30-40, holding 40-',
      'holds',
      'busy',
    ],
    ['queued granted released', 'queued 0-10, holding 10-20, idle 20-', 'waits', 'busy'],
    ['queued granted done released', 'queued 0-10, holding 10-20', 'done', 'good'],
    ['queued cancelled', 'queued 0-10', 'cancelled', 'quiet'],
    ['asked sent arrived cancelled', 'idle 0-10, sent 10-20, server 20-30, left 30-', 'cancelled, the server goes on', 'quiet'],
    ['asked sent arrived cancelled answered', 'idle 0-10, sent 10-20, server 20-30, left 30-40', 'cancelled', 'quiet'],
    ['asked sent cancelled arrived', 'idle 0-10, sent 10-20, left 30-', 'cancelled, the server goes on', 'quiet'],
    ['asked sent arrived refused:503 failed', 'idle 0-10, sent 10-20, server 20-30, idle 30-40', 'failed', 'bad'],
    ['asked hung', 'idle 0-10', 'hangs for ever', 'bad'],
    ['asked arrived note:slow', 'idle 0-10, server 10-', 'slow', 'busy'],
    ['asked arrived note:slow answered', 'idle 0-10, server 10-30, idle 30-', 'waits', 'busy'],
    ['asked arrived damage:broke answered done', 'idle 0-10, server 10-30, idle 30-40', 'broke', 'bad'],
    ['progress:lost queued', 'queued 10-', 'lost, in the queue', 'busy'],
    ['progress:lost queued progress: granted', 'queued 10-30, holding 30-', 'holds', 'busy'],
    ['asked done asked', 'idle 0-10, idle 20-', 'waits', 'busy'],
  ] as const) {
    it(`draws ${story}`, () => {
      const lane = laneOf(story);

      expect(stretches(story)).toBe(expected);
      expect([lane.state, lane.tone]).toEqual([state, tone]);
      expect(lane.isWaiting).toBe(tone === 'busy');
    });
  }

  it('marks what went wrong where it happened, and each end', () => {
    expect(laneOf('asked arrived damage:broke refused:503 failed').marks).toEqual([
      { at: 20, kind: 'damage', text: 'broke' },
      { at: 30, kind: 'refused', text: '503' },
      { at: 40, kind: 'failed', text: 'failed' },
    ]);
    expect(laneOf('asked done').marks).toEqual([{ at: 10, kind: 'done', text: 'done' }]);
    expect(laneOf('asked note:slow').marks).toEqual([{ at: 10, kind: 'note', text: 'slow' }]);
  });

  it('draws only what had happened at a time', () => {
    const story = 'asked sent arrived answered done';

    expect(stretches(story, 10)).toBe('idle 0-10, sent 10-');
    expect(laneOf(story, 19).state).toBe('on its way');
    expect(laneOf(story, -1).stretches).toEqual([]);
    expect(laneOf(story, 40).state).toBe('done');
  });
});
