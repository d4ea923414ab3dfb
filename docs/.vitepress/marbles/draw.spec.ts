import { draw } from './draw';
import { parse } from './parse';

function drawn(...lines: readonly string[]): string {
  const text = lines.join('\n');
  return draw(parse(text) ?? fail('this is no diagram'), text);
}

function fail(message: string): never {
  throw new Error(message);
}

/** The value of an attribute of each element with a class. */
function attributes(svg: string, className: string, attribute: string): readonly number[] {
  const elements = [...svg.matchAll(/<[^>]+>/g)]
    .map(([element]) => element)
    .filter((each) => each.includes(`class="${className}"`));
  return elements.map((element) => Number(new RegExp(` ${attribute}="([^"]+)"`).exec(element)?.[1]));
}

describe('draw', () => {
  it('describes the diagram in words, and keeps its text', () => {
    const svg = drawn('a.acquire()   (p|)', 'b & c         --#', 'third         (waits)-|    at last');

    expect(svg).toContain(
      'aria-label="Marble diagram. a.acquire(): p at 0, completes at 0. b &amp; c: fails at 2. third: waits from 0, completes at 8, at last."',
    );
    expect(svg).toContain('<desc>a.acquire()   (p|)\nb &amp; c         --#');
    expect(svg).toContain('role="img"');
  });

  it('draws what happens in the same frame at the same place', () => {
    const svg = drawn('one    --a--|', 'other    a--|');
    const [first, second] = attributes(svg, 'value-1', 'cx');
    const [one, other] = attributes(svg, 'complete', 'x1');

    expect(first).toBe(second);
    expect(one).toBe(other);
    expect(one).toBeGreaterThan(first ?? Infinity);
  });

  it('draws the time between marks, and leaves out a gap in the text', () => {
    const svg = drawn('one    a-b  --c');
    const [a, b, c] = ['value-1', 'value-2', 'value-3'].flatMap((name) => attributes(svg, name, 'cx'));
    const starts = attributes(svg, 'idle', 'x1');
    const ends = attributes(svg, 'idle', 'x2');

    expect(starts[0]).toBe(a);
    expect(ends).toContain(b ?? NaN);
    expect(ends.at(-1)).toBe(c);
    expect(starts).not.toContain(b ?? NaN);
  });

  it('draws a wait and a hold up to the mark that ends them', () => {
    const svg = drawn('2 second    -p..g==r');
    const [p = NaN, g = NaN, r = NaN] = ['value-4', 'value-1', 'value-0'].flatMap((name) => attributes(svg, name, 'cx'));

    expect([attributes(svg, 'waiting', 'x1')[0], attributes(svg, 'waiting', 'x2').at(-1)]).toEqual([p, g]);
    expect([attributes(svg, 'holding', 'x1')[0], attributes(svg, 'holding', 'x2').at(-1)]).toEqual([g, r]);
  });

  it('ends the line with a mark in brackets, unless the row goes on', () => {
    const [end = NaN] = attributes(drawn('one    --(p|)'), 'complete', 'x1');

    expect(Math.max(...attributes(drawn('one    --(p|)'), 'idle', 'x2'))).toBe(end);
    expect(Math.max(...attributes(drawn('one    --(pq)--r'), 'idle', 'x2'))).toBeGreaterThan(end);
  });

  it('is wide enough for all names, marbles and notes', () => {
    const width = (...lines: readonly string[]): number => Number(/ width="([^"]+)"/.exec(drawn(...lines))?.[1]);

    expect(width('one    --a')).toBeLessThan(width('another    --a'));
    expect(width('one    --a')).toBeLessThan(width('one    --a-'));
    expect(width('one    --a')).toBeLessThan(width('one    --a    with a note that is longer than the marbles'));
  });
});
