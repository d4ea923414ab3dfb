// Writes what benchmarks/figures.json says into the documentation, between two comments; with --check, fails where they say anything else.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const figuresPath = 'benchmarks/figures.json';
const begin = '<!-- figures: scripts/bench-table.mjs writes what stands between here … -->';
const end = '<!-- … and here -->';

const inRoot = (path) => new URL(`../${path}`, import.meta.url);
const figures = JSON.parse(readFileSync(inRoot(figuresPath), 'utf8'));

/** Three digits, but never an exponent: 0.0123, 1.23, 1,234. */
const digits = (value) =>
  value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(value < 10 ? 3 : 4)));
const amount = (value, unit) => (unit === '×' ? `× ${value.toFixed(2)}` : `${digits(value)} ${unit}`);
const spread = ({ median, low, high }) => `${median.toFixed(2)} (${low.toFixed(2)} – ${high.toFixed(2)})`;
const count = (value) => value.toLocaleString('en');
const at = ({ size, from, of }) => `${from === undefined ? '' : `${count(from)} → `}${count(size)} ${of}`;

function table(headings, alignment, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(headings), `|${alignment.join('|')}|`, ...rows.map(line)].join('\n');
}

const groupOf = ({ name, atMost }) => `${name} ${atMost}`;
const excess = ({ isReached, ratio, atMost }) => (isReached ? 0 : 1000) + ratio.median / atMost;

/** Of the targets of a case that are the same at all its sizes, the one that we miss by most, or reach most closely. */
const worst = (targets) =>
  [...new Set(targets.map(groupOf))].map((group) =>
    targets.filter((target) => groupOf(target) === group).reduce((one, other) => (excess(other) > excess(one) ? other : one)),
  );

const verdict = ({ atMost, orAsPeers, isReached }) =>
  `${isReached ? '' : '**missed:** '}≤ ${atMost}${orAsPeers ? ', or theirs' : ''}`;

const lacking = ({ without = [] }) => without.join(', ');

const rowOf = (target) => [
  target.name,
  at(target),
  amount(target.ours, target.unit),
  target.against === undefined ? '' : `${target.against}, ${amount(target.theirs, target.unit)}`,
  lacking(target),
  spread(target.ratio),
  verdict(target),
];

const tableOf = (targets) =>
  table(
    ['case', 'at', 'ours', 'the best other', 'which lacks', 'ours / theirs', 'target'],
    ['---', '--:', '--:', '---', '---', '--:', '---'],
    targets.map(rowOf),
  );

const { versions, node, processor, targets } = figures;
const reached = targets.filter(({ isReached }) => isReached).length;
const others = Object.entries(versions).filter(([name]) => name !== 'rxjs-locks' && name !== 'rxjs');
const setting =
  `rxjs-locks ${versions['rxjs-locks']} with RxJS ${versions.rxjs}, on Node ${node} and ${processor}; ` +
  `${others.map(([name, version]) => `${name} ${version}`).join(', ')}. **${reached} of ${targets.length} targets are reached.**`;

/** Two sentences, with our best and our worst case. */
const short = () => {
  const [best, ...rest] = targets
    .filter(({ against, unit }) => against !== undefined && !against.includes('(floor)') && unit !== '×')
    .sort((one, other) => one.ratio.median - other.ratio.median);
  const told = ({ name, against, ratio }) => `${ratio.median.toFixed(2)} × that of ${against} (${name})`;
  return (
    `\`npm run bench\` does the same work with ${others.length} other libraries, and reaches ${reached} of ${targets.length} targets. ` +
    `Beside the fastest of them, the time of rxjs-locks is between ${told(best)} and ${told(rest.at(-1))}: ` +
    '[the figures](docs/figures.md) show each target, also the missed ones.'
  );
};

const nameOf = ({ role, name }) => (role === 'ours' ? `**${name}**` : name);

const detail = (result) => {
  const rows = result.contestants.map((each, index) => [
    nameOf(each),
    `${digits(each.amount.median)} (${digits(each.amount.low)} – ${digits(each.amount.high)})`,
    index === 0 ? '' : spread(each.ratio),
    lacking(each),
  ]);
  const heading = `### ${result.name}, ${at(result)}\n\n${count(result.rounds)} rounds`;
  return `${heading}\n\n${table(['', `${result.unit} each`, 'ours / theirs', 'without'], ['---', '--:', '--:', '---'], rows)}`;
};

const growthDetail = ({ name, from, to, of, contestants }) => {
  const rows = contestants.map((each) => [nameOf(each), spread(each.growth), lacking(each)]);
  return `### ${name}: growth, ${at({ size: to, from, of })}\n\n${table(['', 'time each grows by, ×', 'without'], ['---', '--:', '---'], rows)}`;
};

const pages = {
  'README.md': [short()],
  'docs/figures.md': [setting, tableOf(worst(targets))],
  'benchmarks/README.md': [
    setting,
    '## Targets',
    tableOf(targets),
    '## Figures',
    ...figures.cases.map(detail),
    ...figures.growth.map(growthDetail),
  ],
};

let failed = 0;
for (const [path, parts] of Object.entries(pages)) {
  const page = readFileSync(inRoot(path), 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`${path} has no place for the figures: it needs the lines\n${begin}\n${end}`);
  }
  const updated = `${page.slice(0, from + begin.length)}\n\n${parts.join('\n\n')}\n\n${page.slice(to)}`;
  if (!options.check) {
    writeFileSync(inRoot(path), updated);
  } else if (updated === page) {
    console.log(`passed: ${path} says what ${figuresPath} says`);
  } else {
    failed++;
    console.log(`FAILED: ${path} does not say what ${figuresPath} says; node scripts/bench-table.mjs writes it`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
