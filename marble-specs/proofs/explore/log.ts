/** A log is a list of lines: each step, the callbacks that it runs, and the steps that are taken inside them. */

/** Begins a line that opens a level. */
export const OPENS = '(';
/** Closes the level. */
export const CLOSES = ')';
/** Begins a line that says what is wrong. */
export const WRONG = 'WRONG: ';

/** The first line in which two logs differ or something is wrong, with all lines before it; undefined if there is none. */
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

/** A log with its levels indented. */
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
