import type { LogEntry } from '../../../backend/contract';
import type { MomentKind } from '../../run/moment';
import { Recording } from '../../run/recording';
import { Items } from './items';
import { outcomeOf } from './outcome';
import { editIn, edits, lanes, nameOfEdit, pathOf } from './script';

type Step = readonly [at: number, name: string, kind: MomentKind & (LogEntry['kind'] | 'asked' | 'cancelled')];

function recordingOf(...steps: readonly Step[]): Recording {
  let time = 0;
  const recording = new Recording(new Items().nameOf, () => time);
  steps.forEach(([at, name, kind], index) => {
    time = at;
    if (kind === 'asked' || kind === 'cancelled') {
      recording.add(name, kind);
      return;
    }
    const edit = edits.find((each) => nameOfEdit(each) === name);
    const request = `PUT ${edit === undefined ? '' : pathOf(edit)}`;
    recording.addEntry({ sequence: index + 1, at, request, kind, ...(kind === 'answered' && { status: 200 }) });
  });
  return recording;
}

const judged = (recording: Recording, isOver = true): string => {
  const items = new Items();
  const { tone, headline } = items.judge(items.serialized, recording, isOver).verdict;
  return `${tone}: ${headline}`;
};

describe('The outcome of Per item', () => {
  it('has a lane for each edit, and finds the edit of a request', () => {
    expect([...lanes].sort()).toEqual(edits.map(nameOfEdit).sort());
    for (const edit of edits) expect(editIn(`PUT ${pathOf(edit)}`)).toEqual(edit);
    expect(editIn('PUT /documents/5/edits/1')).toBeUndefined();
    expect(editIn('GET /documents/1')).toBeUndefined();
  });

  it('is right when the server holds the last edit of each document', () => {
    const recording = recordingOf(
      [0, 'letter 1', 'asked'],
      [10, 'letter 1', 'arrived'],
      [20, 'plan 1', 'asked'],
      [30, 'plan 1', 'arrived'],
      [50, 'plan 1', 'answered'],
      [60, 'letter 1', 'answered'],
    );

    expect(judged(recording)).toBe('good: Right: each document holds its last edit');
    expect(judged(recording, false)).toBe('busy: Saves at the server: 2');
  });

  it('is stale when an older save landed last', () => {
    const recording = recordingOf(
      [0, 'letter 1', 'asked'],
      [0, 'letter 2', 'asked'],
      [10, 'letter 1', 'arrived'],
      [10, 'letter 2', 'arrived'],
      [20, 'letter 2', 'answered'],
      [30, 'letter 1', 'damage'],
      [30, 'letter 1', 'answered'],
    );

    expect(judged(recording)).toBe('bad: Stale: letter');
    expect(judged(recording, false)).toBe('bad: A newer save is overwritten');
  });

  it('wants no edit that was cancelled before it was sent, but each one that was sent', () => {
    const first: readonly Step[] = [
      [0, 'letter 1', 'asked'],
      [10, 'letter 1', 'arrived'],
      [20, 'letter 1', 'answered'],
      [30, 'letter 2', 'asked'],
    ];

    expect(judged(recordingOf(...first))).toBe('bad: Not saved: letter');
    expect(judged(recordingOf(...first, [40, 'letter 2', 'cancelled']))).toBe('good: Right: each document holds its last edit');
    expect(judged(recordingOf(...first, [40, 'letter 2', 'arrived'], [50, 'letter 2', 'cancelled']))).toBe(
      'bad: Not saved: letter',
    );
  });

  it('does not count the wait for an older save of the same document', () => {
    const recording = recordingOf(
      [0, 'letter 1', 'asked'],
      [0, 'letter 1', 'arrived'],
      [100, 'letter 2', 'asked'],
      [100, 'plan 1', 'asked'],
      [700, 'letter 1', 'answered'],
      [720, 'letter 2', 'arrived'],
      [800, 'letter 2', 'answered'],
      [810, 'plan 1', 'arrived'],
      [850, 'plan 1', 'answered'],
    );

    expect(outcomeOf(recording).waitedForOthers).toBe(710);
    expect(judged(recording)).toBe('bad: In order, but they wait for each other');
  });
});
