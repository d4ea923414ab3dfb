/**
 * Reads the marble diagrams of the docs, as docstrings and guides write them:
 *
 * ```
 * source            a-bc-----#    of which b is late
 * the result   -----(de|)
 * ```
 *
 * Two spaces or more end the name of a row. A column is a frame. Frame 0 is the first column in which a row of the paragraph has
 * marbles, so the marbles of a source with a later subscription are written further to the right.
 */

/** One notification, or a word that stands for one. */
export interface Mark {
  readonly kind: 'value' | 'word' | 'waits' | 'complete' | 'error';
  readonly text: string;
  /** Where it is drawn, and how many columns it takes. */
  readonly column: number;
  readonly width: number;
  /** When it happens: marks in brackets share the frame of the bracket. */
  readonly frame: number;
}

/** Marks that happen in one frame, and the columns that they take. */
interface Group {
  readonly column: number;
  readonly width: number;
}

/** What fills the time after a column: nothing, a wait, or a hold. */
export interface Filler {
  readonly kind: 'idle' | 'waiting' | 'holding';
  readonly column: number;
}

/** A row without marks is a caption. */
export interface Row {
  readonly name: string;
  readonly note: string;
  readonly marks: readonly Mark[];
  readonly groups: readonly Group[];
  readonly fillers: readonly Filler[];
}

/** Rows that share their first frame. */
export type Paragraph = readonly Row[];

/** Words in place of one value. Other letters are a value each. */
const words = /true|false|set|notified|\d{3}/;
const tokens = new RegExp(
  `\\((?<waits>waits)\\)|\\((?<group>[\\w|#]+)\\)|(?<word>${words.source})|(?<filler>[-.=])|(?<mark>[\\w|#])`,
  'y',
);
const fillers: Readonly<Record<string, Filler['kind']>> = { '-': 'idle', '.': 'waiting', '=': 'holding' };
const marks: Readonly<Record<string, Mark['kind']>> = { '|': 'complete', '#': 'error' };

/** Returns undefined for a text that is no marble diagram. */
export function parse(text: string): readonly Paragraph[] | undefined {
  const paragraphs = text
    .trimEnd()
    .split(/\n\s*\n/)
    .map((paragraph) => parseParagraph(paragraph.split('\n')));
  // Two columns of words are a table. A diagram has a row in which time passes.
  const hasTime = paragraphs.some((rows) => rows?.some((row) => row.fillers.length > 0 || row.groups.length > 0));
  return hasTime && paragraphs.every((rows) => rows !== undefined) ? paragraphs : undefined;
}

interface Line {
  readonly name: string;
  readonly parts: readonly { readonly column: number; readonly text: string }[];
}

function parseParagraph(lines: readonly string[]): Paragraph | undefined {
  const split = lines.map(splitLine);
  if (!split.every((line) => line !== undefined)) return undefined;
  const origin = Math.min(...split.map(({ parts }) => parts[0]?.column ?? Infinity));
  return split.map((line) => parseLine(line, origin));
}

function splitLine(line: string): Line | undefined {
  const [, name] = /^(\S.*?) {2,}\S/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const parts = [...line.matchAll(/\S+(?: \S+)*/g)].slice(1);
  return { name, parts: parts.map(({ 0: text, index }) => ({ column: index, text })) };
}

function parseLine({ name, parts }: Line, origin: number): Row {
  const read = new Reading();
  const first = parts.findIndex(({ column, text }) => !read.marbles(text, column - origin));
  const note =
    first === -1
      ? ''
      : parts
          .slice(first)
          .map(({ text }) => text)
          .join(' ');
  return { name, note, marks: read.marks, groups: read.groups, fillers: read.fillers };
}

/** The marbles of a row so far. */
class Reading {
  readonly marks: Mark[] = [];
  readonly groups: Group[] = [];
  readonly fillers: Filler[] = [];

  /** Appends the marbles in a text. Returns false, and appends nothing, for a text that is no marbles. */
  marbles(text: string, start: number): boolean {
    const found = [];
    tokens.lastIndex = 0;
    for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) found.push(match);
    const last = found.at(-1);
    if (last === undefined || last.index + last[0].length < text.length) return false;
    for (const { 0: token, index, groups = {} } of found) this.append(token, start + index, groups);
    return true;
  }

  private append(token: string, column: number, found: Readonly<Record<string, string | undefined>>): void {
    const width = token.length;
    const { waits, group, word, filler, mark } = found;
    if (waits !== undefined) this.marks.push({ kind: 'waits', text: waits, column, width, frame: column });
    if (word !== undefined) this.marks.push({ kind: 'word', text: word, column, width, frame: column });
    if (filler !== undefined) this.fillers.push({ kind: fillers[filler] ?? 'idle', column });
    if (mark !== undefined) this.marks.push(markOf(mark, column, column));
    if (group !== undefined) {
      this.groups.push({ column, width });
      this.marks.push(...Array.from(group, (each, index) => markOf(each, column + index, column)));
    }
  }
}

function markOf(text: string, column: number, frame: number): Mark {
  return { kind: marks[text] ?? 'value', text, column, width: 1, frame };
}
