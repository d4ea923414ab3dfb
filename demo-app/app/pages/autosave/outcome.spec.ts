import type { LogEntry } from '../../../backend/contract';
import type { Moment } from '../../run/moment';
import { outcomeOf, statusAt } from './outcome';

/** Moments such as `100 edit 1 asked`. */
const moments = (...lines: readonly string[]): Moment[] =>
  lines.map((line) => {
    const [at, edit, number, kind, ...text] = line.split(' ');
    const moment = { at: Number(at), actor: `${edit ?? ''} ${number ?? ''}`, kind: kind as Moment['kind'] };
    return text.length === 0 ? moment : { ...moment, text: text.join(' ') };
  });

const answers = (...given: readonly (readonly [edit: number, status: number])[]): LogEntry[] =>
  given.map(([edit, status], index) => ({
    sequence: index + 1,
    at: index,
    request: `PUT /drafts/${String(edit)}`,
    kind: 'answered',
    status,
  }));

describe('the outcome of an autosave', () => {
  it('is what the server holds, what it refused, and the wait after the last edit', () => {
    const seen = moments('0 edit 1 asked', '10 edit 2 asked', '500 edit 2 answered');

    expect(outcomeOf(answers([1, 200], [2, 503], [2, 200]), seen)).toEqual({ last: 2, holds: 2, refused: 1, waited: 490 });
    expect(outcomeOf(answers([1, 200], [2, 503]), seen)).toEqual({ last: 2, holds: 1, refused: 1, waited: null });
  });

  it('does not count an edit that the user cancelled, but one that was replaced', () => {
    const seen = moments('0 edit 1 asked', '1 edit 2 asked', '2 edit 2 cancelled');
    expect(outcomeOf([], seen).last).toBe(1);
    expect(outcomeOf([], moments('0 edit 1 asked', '1 edit 2 asked', '2 edit 2 cancelled replaced by 3')).last).toBe(2);
  });
});

describe('the status of an editor', () => {
  const seen = moments(
    '0 edit 1 asked',
    '10 edit 1 sent',
    '90 edit 1 done',
    '100 edit 2 asked',
    '110 edit 2 sent',
    '200 edit 2 refused',
    '210 edit 3 asked',
    '700 edit 2 sent',
    '800 edit 2 refused',
  );
  const status = (time: number): string => statusAt(seen, time, (tries) => 500 * tries);

  it('follows the saves, and counts down to a retry', () => {
    expect([50, 95, 105, 150, 250, 300, 750, 800].map(status)).toEqual([
      'Saving edit 1 · edit 1 is not saved yet',
      'Saved: edit 1',
      'Edit 2 is not saved yet',
      'Saving edit 2 · edit 2 is not saved yet',
      'Retrying in 0.5 s · edit 3 is not saved yet',
      'Retrying in 0.4 s · edit 3 is not saved yet',
      'Saving edit 2 · edit 3 is not saved yet',
      'Retrying in 1.0 s · edit 3 is not saved yet',
    ]);
  });

  it('promises no retry to who gives up', () => {
    expect(statusAt(seen, 250, undefined)).toBe('Edit 3 is not saved yet');
    expect(statusAt([...seen, ...moments('900 edit 3 damage lost')], 900, undefined)).toBe('Edit 3 is lost');
  });

  it('says so if there is nothing to save', () => {
    expect(statusAt([], 0, undefined)).toBe('Nothing to save');
  });
});
