import { parse, type Row } from './parse';

/** The rows of a diagram with one paragraph. */
function rowsOf(...lines: readonly string[]): readonly Row[] {
  const [paragraph, ...others] = parse(lines.join('\n')) ?? [];
  if (paragraph === undefined || others.length > 0) throw new Error('this is no diagram with one paragraph');
  return paragraph;
}

/** The marks of a row, in short: `value a at 2`. */
function marksOf(row: Row | undefined): readonly string[] {
  return row?.marks.map(({ kind, text, frame }) => `${kind} ${text} at ${String(frame)}`) ?? [];
}

describe('parse', () => {
  it('reads names, values and ends', () => {
    const [first, second] = rowsOf('first            --a-b--|', 'second, withLock   ----#');

    expect(first?.name).toBe('first');
    expect(marksOf(first)).toEqual(['value a at 2', 'value b at 4', 'complete | at 7']);
    expect(second?.name).toBe('second, withLock');
    expect(marksOf(second)).toEqual(['error # at 6']);
  });

  it('counts frames from the first column of the paragraph', () => {
    const [, second] = rowsOf('first    --a--|', 'second        --b|');

    expect(marksOf(second)).toEqual(['value b at 7', 'complete | at 8']);
  });

  it('gives all marks in brackets one frame, and columns of their own', () => {
    const [row] = rowsOf('result   --(ab|)-');

    expect(marksOf(row)).toEqual(['value a at 2', 'value b at 2', 'complete | at 2']);
    expect(row?.marks.map(({ column }) => column)).toEqual([2, 3, 4]);
    expect(row?.groups).toEqual([{ column: 2, width: 5 }]);
    expect(row?.fillers.at(-1)).toEqual({ kind: 'idle', column: 7 });
  });

  it('reads adjacent letters as values, and known words as one mark', () => {
    const [values, word, status, waits] = rowsOf(
      'source   -bcd|',
      'event    --set',
      'first    --401   -200|',
      'third    (waits)--|',
    );

    expect(marksOf(values)).toEqual(['value b at 1', 'value c at 2', 'value d at 3', 'complete | at 4']);
    expect(marksOf(word)).toEqual(['word set at 2']);
    expect(marksOf(status)).toEqual(['word 401 at 2', 'word 200 at 9', 'complete | at 12']);
    expect(marksOf(waits)).toEqual(['waits waits at 0', 'complete | at 9']);
  });

  it('reads what fills the time of a trace', () => {
    const [row] = rowsOf('2 second    -p.g=r');

    expect(row?.fillers.map(({ kind }) => kind)).toEqual(['idle', 'waiting', 'holding']);
    expect(marksOf(row)).toEqual(['value p at 1', 'value g at 3', 'value r at 5']);
  });

  it('reads a note behind the marbles, and a caption in place of marbles', () => {
    const [caption, row] = rowsOf('of two units   a takes 1, b needs 2', 'waitFor(size)  ---(2|)    for a predicate', '');

    expect(caption).toEqual({ name: 'of two units', note: 'a takes 1, b needs 2', marks: [], groups: [], fillers: [] });
    expect(row?.note).toBe('for a predicate');
    expect(marksOf(row)).toEqual(['value 2 at 3', 'complete | at 3']);
  });

  it('gives each paragraph a first frame of its own', () => {
    const paragraphs = parse('of one unit   a holds it\n\nresize(0)       --x\n') ?? [];

    expect(paragraphs.length).toBe(2);
    expect(marksOf(paragraphs[1]?.[0])).toEqual(['value x at 2']);
  });

  for (const [what, text] of Object.entries({
    'a sentence': 'not idle:\nsemaphore "api": 2 permits out, 1 waiting',
    'printed lines': 'saved edit 1\nsaved edit 2',
    'a table of words': 'name    value\nother   text',
    'a row without a name': '   --a--|',
    'a drawing of another kind': 'first ──► second\n   --a--|',
    nothing: '',
  })) {
    it(`refuses ${what}`, () => {
      expect(parse(text)).toBeUndefined();
    });
  }
});
