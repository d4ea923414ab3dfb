/**
 * Measures one uncontended section in Chrome: with a web lock, a web semaphore, the platform's own `navigator.locks`, and with a
 * `Lock`, which lives in the page.
 *
 *   npm run bench:web                      prints a table
 *   npm run bench:web -- --rounds 30       measures 30 rounds instead of 15
 *
 * A round measures all of them, one after another. So the ratios are those of one moment of the machine.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { summarize, type Summary } from '../harness/statistics.js';
import { bundle } from './bundle.js';
import { launchChrome } from './chrome.js';
import { ItemServer } from './server.js';
import { SECTIONS, type WebLockContestant } from './web-locks-protocol.js';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
const rounds = Number(options.rounds);
if (!(rounds >= 1)) {
  throw new RangeError(`--rounds must be a number of at least 1, but is ${options.rounds}`);
}

const contestants = Object.keys(SECTIONS) as WebLockContestant[];
const server = await ItemServer.listen(await bundle('web-locks-page.ts'), 0);
try {
  const browser = await launchChrome();
  try {
    const page = await browser.newPage();
    await page.goto(server.origins[0] ?? '');
    await page.waitForFunction(() => 'measureSections' in globalThis);
    const times: Record<WebLockContestant, number>[] = [];
    for (let round = -2; round < rounds; round++) {
      const measured: Partial<Record<WebLockContestant, number>> = {};
      for (const contestant of contestants) {
        measured[contestant] = await page.evaluate(([name, count]) => measureSections(name, count), [
          contestant,
          SECTIONS[contestant],
        ] as const);
      }
      if (round >= 0) {
        times.push(measured as Record<WebLockContestant, number>); // the first two rounds warm up
      }
    }
    console.log(`Chrome ${browser.version()} on ${cpus()[0]?.model ?? 'unknown'}; ${String(rounds)} rounds\n`);
    console.log(tableOf(times));
  } finally {
    await browser.close();
  }
} finally {
  await server.close();
}

function tableOf(times: readonly Record<WebLockContestant, number>[]): string {
  const rows = contestants.map((name) => {
    const ratioTo = (other: WebLockContestant): string => spread(summarize(times.map((each) => each[name] / each[other])));
    const time = spread(summarize(times.map((each) => each[name] * 1000)));
    return `| ${name} | ${time} | ${ratioTo('Lock')} | ${ratioTo('navigator.locks.request')} |`;
  });
  const heading = '| one section | µs | / Lock | / navigator.locks.request |\n| --- | --: | --: | --: |';
  return [heading, ...rows].join('\n');
}

/** The median, and the bounds of the middle half of the rounds. */
function spread({ median, low, high }: Summary): string {
  const text = (value: number): string => (value < 100 ? String(Number(value.toPrecision(2))) : value.toFixed(0));
  return `${text(median)} (${text(low)} – ${text(high)})`;
}
