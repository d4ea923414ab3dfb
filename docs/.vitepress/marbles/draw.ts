import { describe } from './describe';
import type { Filler, Mark, Paragraph, Row } from './parse';

/** All lengths are pixels. */
const columnWidth = 16;
const rowHeight = 30;
const noteHeight = 18;
const radius = 7.5;
/** The width of a character of the monospaced font of names. */
const characterWidth = 7.9;
/** The space between the names and frame 0, and around the drawing. */
const gap = 22;
const margin = 10;
/** So many values have a color of their own. */
const colors = 6;

/** Draws a marble diagram as SVG. The style sheet of the site gives it the colors of the light and the dark scheme. */
export function draw(paragraphs: readonly Paragraph[], text: string): string {
  const rows = paragraphs.flat();
  const left = Math.max(...rows.map(({ name }) => name.length)) * characterWidth + gap;
  let top = margin;
  const drawn = paragraphs.map((paragraph, index) => {
    if (index > 0) top += rowHeight / 2;
    return paragraph.map((row) => {
      const group = `<g transform="translate(0 ${round(top + rowHeight / 2)})">${drawRow(row, left)}</g>`;
      top += rowHeight + (isAnnotated(row) ? noteHeight : 0);
      return group;
    });
  });
  const width = round(Math.max(...rows.map((row) => left + widthOf(row))) + margin);
  const height = round(top + margin);
  return [
    `<svg role="img" aria-label="${escape(describe(paragraphs))}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<desc>${escape(text)}</desc>`,
    ...drawn.flat(),
    '</svg>',
  ].join('');
}

/** Whether a row has a note below its marbles. The text of a caption stands in their place. */
function isAnnotated({ marks, note }: Row): boolean {
  return marks.length > 0 && note !== '';
}

function widthOf({ marks, fillers, groups, note }: Row): number {
  const ends = [...marks, ...groups, ...fillers.map(({ column }) => ({ column, width: 1 }))].map(
    ({ column, width }) => column + width,
  );
  return Math.max(note.length * characterWidth, Math.max(0, ...ends) * columnWidth);
}

function drawRow(row: Row, left: number): string {
  const { name, note, marks, groups } = row;
  const x = (column: number): number => left + (column + 0.5) * columnWidth;
  const title = `<text class="name" x="${round(margin)}" y="4.5">${escape(name)}</text>`;
  if (marks.length === 0 && row.fillers.length === 0) return title + drawNote(note, left, 4.5);
  const brackets = groups.map(
    ({ column, width }) =>
      // The brackets themselves take two columns of the text.
      `<rect class="group" x="${round(x(column) - radius - 3)}" y="${String(-radius - 3)}" width="${round((width - 3) * columnWidth + 2 * radius + 6)}" height="${String(2 * radius + 6)}" rx="${String(radius + 3)}"/>`,
  );
  return [
    title,
    ...brackets,
    ...drawTime(row, x),
    ...marks.map((mark) => drawMark(mark, x)),
    isAnnotated(row) ? drawNote(note, left, noteHeight + 4.5) : '',
  ].join('');
}

function drawNote(note: string, left: number, y: number): string {
  return `<text class="note" x="${round(left)}" y="${String(y)}">${escape(note)}</text>`;
}

/** Draws the line of time, from the first column to the last one. A gap in the text is a gap in the line. */
function drawTime({ marks, groups, fillers }: Row, x: (column: number) => number): string[] {
  const kinds = new Map<number, Filler['kind'] | undefined>();
  for (const { column, width } of marks) for (let each = 0; each < width; each++) kinds.set(column + each, undefined);
  for (const { column, width } of groups) {
    // Brackets take columns of the text. Time passes in them only if the row goes on.
    const goesOn = [...marks, ...fillers].some((each) => each.column === column + width);
    for (let each = 0; goesOn && each < width; each++) kinds.set(column + each, undefined);
  }
  for (const { column, kind } of fillers) kinds.set(column, kind);
  return [...kinds.keys()]
    .filter((column) => kinds.has(column + 1))
    .map((column) => {
      const kind = kinds.get(column) ?? kinds.get(column + 1) ?? 'idle';
      return `<line class="${kind}" x1="${round(x(column))}" x2="${round(x(column + 1))}" y1="0" y2="0"/>`;
    });
}

function drawMark({ kind, text, column, width }: Mark, x: (column: number) => number): string {
  const center = round((x(column) + x(column + width - 1)) / 2);
  switch (kind) {
    case 'complete':
      return `<line class="complete" x1="${center}" x2="${center}" y1="-10" y2="10"/>`;
    case 'error':
      return `<path class="error" d="M${center} 0m-6 -6l12 12m0 -12l-12 12"/>`;
    case 'value':
      return `<circle class="value-${String((text.codePointAt(0) ?? 0) % colors)}" cx="${center}" r="${String(radius)}"/>${drawText(text, center)}`;
    default: {
      const start = round(x(column) - radius);
      const length = round((width - 1) * columnWidth + 2 * radius);
      return `<rect class="${kind}" x="${start}" y="${String(-radius)}" width="${length}" height="${String(2 * radius)}" rx="3"/>${drawText(text, center)}`;
    }
  }
}

function drawText(text: string, center: string): string {
  return `<text class="mark" x="${center}" y="3.5">${escape(text)}</text>`;
}

function round(length: number): string {
  return String(Math.round(length * 10) / 10);
}

export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
