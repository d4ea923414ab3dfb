// The table of `npm run bench:web`.
import { digits, spread, table } from './format.mjs';

/** For the figures of a run, what each part of a page says. */
export function webLocks({ chrome, processor, rounds, contestants }) {
  const others = Object.keys(contestants[0].ratios);
  const rows = contestants.map(({ name, time, ratios }) => [
    name,
    spread(time),
    ...others.map((other) => (other === name ? '1' : spread(ratios[other], digits))),
  ]);
  return {
    'web locks': [
      `Chrome ${chrome} on ${processor}; ${rounds} rounds; the median, and the middle half of the rounds:`,
      table(['one section', 'µs', ...others.map((other) => `/ ${other}`)], ['---', '--:', ...others.map(() => '--:')], rows),
    ],
  };
}
