// How the tables of the benchmarks show figures.

/** Three digits, but never an exponent: 0.0123, 1.23, 1,234. */
export const digits = (value) =>
  value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(value < 10 ? 3 : 4)));

/** The median, and the bounds of the middle half. */
export const spread = ({ median, low, high }, text = digits) => `${text(median)} (${text(low)} – ${text(high)})`;

/** A ratio with its middle half. */
export const ratio = (summary) => spread(summary, (value) => value.toFixed(2));

export const count = (value) => value.toLocaleString('en');

export function table(headings, alignment, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(headings), `|${alignment.join('|')}|`, ...rows.map(line)].join('\n');
}

/** The versions of packages, in one line. */
export const versionsOf = (versions) =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
