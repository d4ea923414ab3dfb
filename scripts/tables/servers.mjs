// The tables of `npm run bench:servers`.
import { count, digits, spread, table, versionsOf } from './format.mjs';

const names = ({ contestants }) => contestants.map(({ name }) => name);
const nameOf = ({ role, name }) => (role === 'ours' ? `**${name}**` : name);

const verdict = ({ against, atMost, atLeast, isReached }) =>
  `${isReached ? '' : '**missed:** '}${atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`}${against === undefined ? '' : ` of ${against}`}`;

/** The ratios that have a target. */
const compared = ({ contestants, targets }) =>
  contestants
    .filter(({ name }) => targets.some(({ against }) => against === name))
    .map((each) => `${each.name} ${spread(each.ratio)}`)
    .join(', ');

const tableOf = (figures) => {
  const all = names(figures[0]);
  const rows = figures.map((figure) => [
    `${figure.name}, ${figure.unit}`,
    ...all.map((name) => {
      const result = figure.contestants.find((each) => each.name === name);
      return result === undefined ? '' : digits(result.amount.median);
    }),
    compared(figure),
    figure.targets.map(verdict).join(', '),
  ]);
  return table(['', ...all, 'ours / theirs', 'target'], ['---', ...all.map(() => '--:'), '---', '---'], rows);
};

const detail = ({ name, unit, rounds, contestants }) => {
  const rows = contestants.map((each, index) => [nameOf(each), spread(each.amount), index === 0 ? '' : spread(each.ratio)]);
  return `### ${name}\n\n${count(rounds)} rounds\n\n${table(['', unit, 'ours / theirs'], ['---', '--:', '--:'], rows)}`;
};

/** For the figures of a run, what each part of a page says. */
export function servers({ versions, node, processor, processors, servers: products, figures }) {
  const targets = figures.flatMap((figure) => figure.targets);
  const reached = targets.filter(({ isReached }) => isReached).length;
  const setting =
    `${versionsOf(versions)}; ${versionsOf(products)}; Node ${node}; ${processors} processors of ${processor}, for the servers and ` +
    `all processes. **${reached} of ${targets.length} targets are reached.**`;
  return {
    servers: [setting, tableOf(figures)],
    'servers in full': figures.map(detail),
  };
}
