import type { LogEntry } from '../../../backend/contract';
import { Recording } from '../../run/recording';
import { Cap } from './cap';
import { contestants } from './contestants';
import { nameOf, unitsOf, upTo } from './files';
import { mostAtOnce, outcomeOf } from './outcome';

const [, , , limited] = contestants;

/** A recording of a log, whose clock is the time of the entries. */
class Story {
  private time = 0;
  readonly recording = new Recording(nameOf, () => this.time);
  private sequence = 0;

  at(time: number): this {
    this.time = time;
    return this;
  }

  server(request: string, ...kinds: LogEntry['kind'][]): this {
    for (const kind of kinds) {
      const refused = kinds.includes('damage');
      const status = kind === 'answered' ? { status: refused ? 503 : 200 } : {};
      const text = kind === 'damage' ? { text: 'refused: 9 at once' } : {};
      this.recording.addEntry({ sequence: ++this.sequence, at: this.time, request, kind, ...status, ...text });
    }
    return this;
  }

  /** All chunks of all files, one after another. */
  uploads(): this {
    for (const file of upTo(16)) {
      for (const chunk of upTo(4)) this.server(`PUT /uploads/${String(file)}/chunks/${String(chunk)}`, 'arrived', 'answered');
    }
    return this;
  }

  save(asked: number, arrived: number): this {
    this.at(asked).recording.add('Save', 'asked');
    this.at(arrived).server('PUT /profile', 'arrived', 'answered');
    this.recording.add('Save', 'done');
    return this;
  }
}

describe('The outcome of One cap', () => {
  it('names and weighs requests', () => {
    expect(
      ['PUT /uploads/2/chunks/4', 'PUT /uploads/5/chunks/1', 'GET /previews/3', 'PUT /profile', 'PUT /capacity'].map(nameOf),
    ).toEqual(['file 2 ×3', 'file 5', 'preview 3', 'Save', undefined]);
    expect(['PUT /uploads/2/chunks/4', 'PUT /uploads/5/chunks/1', 'GET /previews/3'].map(unitsOf)).toEqual([3, 1, 1]);
  });

  it('counts the most units at one moment, those of refused requests included', () => {
    const story = new Story()
      .server('PUT /uploads/1/chunks/1', 'arrived')
      .server('PUT /uploads/2/chunks/1', 'arrived')
      .server('PUT /uploads/3/chunks/1', 'arrived', 'damage', 'answered')
      .server('PUT /uploads/2/chunks/1', 'answered')
      .server('GET /previews/1', 'arrived', 'answered');

    expect(mostAtOnce(story.recording.log())).toBe(6);
    expect(outcomeOf(story.recording).refused).toBe(1);
    expect(outcomeOf(story.recording).uploaded).toBe(0);
  });

  it('is right when all is uploaded and Save did not wait long', () => {
    const { recording } = new Story().uploads().save(600, 1_000);
    const { verdict, figures } = new Cap().judge(limited ?? contestants[0], recording, true);

    expect(verdict.headline).toBe('Right: all is sent, nothing refused');
    expect(verdict.tone).toBe('good');
    expect(figures.map(({ value }) => value)).toEqual(['3 units', '0', '400 ms', '16 of 16']);
  });

  it('is bad when Save waited too long', () => {
    const { recording } = new Story().uploads().save(600, 1_001);
    const { verdict } = new Cap().judge(limited ?? contestants[0], recording, true);

    expect(verdict.headline).toBe('Nothing refused, but Save waited 0.4 s');
    expect(verdict.tone).toBe('bad');
  });

  it('is bad when others were let in while Save was in the queue, not when it was next', () => {
    for (const [other, tone] of [
      ['granted', 'bad'],
      ['queued', 'good'],
    ] as const) {
      const story = new Story().uploads();
      for (const kind of ['asked', 'queued'] as const) story.at(600).recording.add('Save', kind);
      story.at(700).recording.add('file 1', other);
      story.at(1_100).recording.add('Save', 'granted');
      story.server('PUT /profile', 'arrived', 'answered').recording.add('Save', 'done');
      const { verdict, figures } = new Cap().judge(limited ?? contestants[0], story.recording, true);

      expect(verdict.tone).withContext(other).toBe(tone);
      expect(figures[2]?.tone)
        .withContext(other)
        .toBe(tone === 'bad' ? 'bad' : undefined);
    }
  });

  it('is bad as soon as something is refused, and says so if that was Save', () => {
    const story = new Story();
    story.at(600).recording.add('Save', 'asked');
    story.at(620).server('PUT /profile', 'arrived', 'damage', 'answered');
    const { verdict, figures } = new Cap().judge(contestants[0], story.recording, false);

    expect(verdict.tone).toBe('bad');
    expect(verdict.headline).toBe('0 of 16 files uploaded, 1 refused');
    expect(figures[2]).toEqual({ label: 'Save waited', value: 'refused', tone: 'bad' });
  });

  it('blames a cap above the capacity', () => {
    const cap = new Cap();
    cap.settings.cap.set('12');
    const story = new Story().server('PUT /profile', 'arrived', 'damage', 'answered');

    expect(cap.judge(limited ?? contestants[0], story.recording, true).verdict.detail).toContain('The cap is too high');
    expect(cap.judge(contestants[0], story.recording, true).verdict.detail).not.toContain('The cap is too high');
  });

  it('takes settings from an address within their limits', () => {
    const cap = new Cap();
    for (const [given, bound] of [
      ['1', 3],
      ['99', 16],
      ['many', 3],
      ['12', 12],
    ] as const) {
      cap.settings.cap.set(given);
      expect(cap.bound()).toBe(bound);
    }
    cap.settings.server.set('1000');
    expect(cap.capacity()).toBe(8);
  });
});
