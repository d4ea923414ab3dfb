import type { LogEntry } from '../../../backend/contract';
import type { Moment } from '../../run/moment';
import { laneOf, outcomeOf } from './outcome';

const moment = (actor: string, kind: Moment['kind'], text?: string): Moment => ({
  at: 0,
  actor,
  kind,
  ...(text !== undefined && { text }),
});
const entry = (request: string, kind: LogEntry['kind'], text?: string): LogEntry => ({
  sequence: 1,
  at: 0,
  request,
  kind,
  ...(text !== undefined && { text }),
});

describe('the outcome of a ride', () => {
  it('counts a note as lost if it failed, and the server does not have it', () => {
    const log = [entry('POST /notes/1', 'answered'), entry('POST /notes/2', 'cut')];
    const seen = [1, 2].flatMap((note) => [moment(`note ${String(note)}`, 'asked'), moment(`note ${String(note)}`, 'failed')]);

    expect(outcomeOf(log, seen)).toEqual(jasmine.objectContaining({ arrived: [1], lost: [2], waiting: 0 }));
  });

  it('counts the notes that wait, were cancelled or hang', () => {
    const seen = [
      ...[1, 2, 3, 4].map((note) => moment(`note ${String(note)}`, 'asked')),
      moment('note 1', 'cancelled'),
      moment('note 2', 'hung'),
      moment('note 3', 'done'),
    ];

    expect(outcomeOf([], seen)).toEqual(jasmine.objectContaining({ waiting: 1, cancelled: 1, hung: 1, lost: [] }));
  });

  it('counts the attempts of notes without a connection, and tells the damages', () => {
    const log = [entry('POST /notes/3', 'damage', 'came after note 8')];
    const seen = [
      moment('note 3', 'refused', 'no connection'),
      moment('note 3', 'refused', 'no connection'),
      moment('note 3', 'refused', '503'),
      moment('GET news', 'refused', 'no connection'),
    ];

    expect(outcomeOf(log, seen)).toEqual(jasmine.objectContaining({ failedAttempts: 2, damages: ['came after note 8'] }));
  });

  it('has a lane for each note and for the news', () => {
    expect(['POST /notes/3', 'GET /news', 'PUT /line'].map(laneOf)).toEqual(['note 3', 'GET news', undefined]);
  });
});
