// The tables of `npm run bench`.
import { count, digits, ratio, spread, table, versionsOf } from './format.mjs';

const amount = (value, unit) => (unit === '×' ? `× ${value.toFixed(2)}` : `${digits(value)} ${unit}`);
const at = ({ size, from, of }) => `${from === undefined ? '' : `${count(from)} → `}${count(size)} ${of}`;

const groupOf = ({ name, atMost }) => `${name} ${atMost}`;
const excess = ({ isReached, ratio: { median }, atMost }) => (isReached ? 0 : 1000) + median / atMost;

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
  ratio(target.ratio),
  verdict(target),
];

const tableOf = (targets) =>
  table(
    ['case', 'at', 'ours', 'the best other', 'which lacks', 'ours / theirs', 'target'],
    ['---', '--:', '--:', '---', '---', '--:', '---'],
    targets.map(rowOf),
  );

/** Two sentences, with our best and our worst case. */
function short(targets, others) {
  const reached = targets.filter(({ isReached }) => isReached).length;
  const [best, ...rest] = targets
    .filter(({ against, unit }) => against !== undefined && !against.includes('(floor)') && unit !== '×')
    .sort((one, other) => one.ratio.median - other.ratio.median);
  const told = ({ name, against, ratio: { median } }) => `${median.toFixed(2)} × that of ${against} (${name})`;
  return (
    `\`npm run bench\` does the same work with ${others} other libraries, and reaches ${reached} of ${targets.length} targets. ` +
    `Beside the fastest of them, the time of rxjs-locks is between ${told(best)} and ${told(rest.at(-1))}: ` +
    '[the figures](docs/figures.md) show each target, also the missed ones.'
  );
}

const nameOf = ({ role, name }) => (role === 'ours' ? `**${name}**` : name);

const detail = (result) => {
  const rows = result.contestants.map((each, index) => [
    nameOf(each),
    spread(each.amount),
    index === 0 ? '' : ratio(each.ratio),
    lacking(each),
  ]);
  const heading = `### ${result.name}, ${at(result)}\n\n${count(result.rounds)} rounds`;
  return `${heading}\n\n${table(['', `${result.unit} each`, 'ours / theirs', 'without'], ['---', '--:', '--:', '---'], rows)}`;
};

const growthDetail = ({ name, from, to, of, contestants }) => {
  const rows = contestants.map((each) => [nameOf(each), ratio(each.growth), lacking(each)]);
  return `### ${name}: growth, ${at({ size: to, from, of })}\n\n${table(['', 'time each grows by, ×', 'without'], ['---', '--:', '---'], rows)}`;
};

/** For the figures of a run, what each part of a page says. */
export function library({ versions, node, processor, targets, cases, growth }) {
  const reached = targets.filter(({ isReached }) => isReached).length;
  const { 'rxjs-locks': ours, rxjs, ...others } = versions;
  const setting =
    `rxjs-locks ${ours} with RxJS ${rxjs}, on Node ${node} and ${processor}; ${versionsOf(others)}. ` +
    `**${reached} of ${targets.length} targets are reached.**`;
  return {
    'library in short': [short(targets, Object.keys(others).length)],
    library: [setting, tableOf(worst(targets))],
    'library in full': [setting, '## Targets', tableOf(targets), '## Figures', ...cases.map(detail), ...growth.map(growthDetail)],
  };
}
