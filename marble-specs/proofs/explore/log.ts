/** A log is a list of lines: what was done, what was heard because of it, and what was done in the middle of hearing it. */

/** Begins a line that opens a level. */
export const OPENS = '(';
/** Closes the level. */
export const CLOSES = ')';
/** Begins a line that tells of a broken promise. */
export const WRONG = 'WRONG: ';

/** Where two logs differ, or what is wrong in them, with all that led to it; undefined if nothing is. */
export function difference(library: readonly string[], model: readonly string[]): string | undefined {
  const end = '(nothing)';
  for (let at = 0; at < library.length || at < model.length; at++) {
    const [got = end, expected = end] = [library[at], model[at]];
    if (got !== expected || got.startsWith(WRONG)) {
      return [...indented(library.slice(0, at)), `  library  ${got}`, `  model    ${expected}`].join('\n');
    }
  }
  return undefined;
}

/** A log as one reads it. */
function indented(log: readonly string[]): string[] {
  const lines: string[] = [];
  let depth = 1;
  for (const line of log) {
    if (line === CLOSES) {
      depth--;
    } else {
      const opens = line.startsWith(OPENS);
      lines.push('  '.repeat(depth) + (opens ? line.slice(OPENS.length) : line));
      depth += opens ? 1 : 0;
    }
  }
  return lines;
}
