/**
 * Measures one uncontended section in Chrome: with a web lock, a web semaphore, the platform's own `navigator.locks`, and with a
 * `Lock`, which lives in the page.
 *
 *   npm run bench:web                      prints the times
 *   npm run bench:web -- --rounds 30       measures 30 rounds instead of 15
 *   npm run bench:web -- --json f.json     writes the figures too
 *
 * A round measures all of them, one after another. So the ratios are those of one moment of the machine.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { asJson } from '../harness/json.js';
import { summarize, type Summary } from '../harness/statistics.js';
import { bundle } from './bundle.js';
import { launchChrome } from './chrome.js';
import { ItemServer } from './server.js';
import { SECTIONS, type WebLockContestant } from './web-locks-protocol.js';

const { values: options } = parseArgs({ options: { json: { type: 'string' }, rounds: { type: 'string', default: '15' } } });
const rounds = Number(options.rounds);
if (!(rounds >= 1)) {
  throw new RangeError(`--rounds must be a number of at least 1, but is ${options.rounds}`);
}

/** The contents of the file that `--json` writes. */
interface WebLocksReport {
  readonly chrome: string;
  readonly processor: string;
  readonly rounds: number;
  readonly contestants: readonly WebLockFigures[];
}

interface WebLockFigures {
  readonly name: WebLockContestant;
  /** Microseconds of a section. */
  readonly time: Summary;
  /** The time divided by that of another contestant, within a round. */
  readonly ratios: Readonly<Partial<Record<WebLockContestant, Summary>>>;
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
    const figures: WebLocksReport = {
      chrome: browser.version(),
      processor: cpus()[0]?.model ?? 'unknown',
      rounds,
      contestants: reportOf(times),
    };
    for (const { name, time } of figures.contestants) {
      const { median, low, high } = time;
      console.log(`${name.padEnd(25)}${median.toFixed(2).padStart(9)} µs  (${low.toFixed(2)} … ${high.toFixed(2)})`);
    }
    if (options.json !== undefined) {
      writeFileSync(options.json, asJson(figures));
    }
  } finally {
    await browser.close();
  }
} finally {
  await server.close();
}

/** The milliseconds of a section in each round, as figures in microseconds. */
function reportOf(times: readonly Record<WebLockContestant, number>[]): WebLockFigures[] {
  const summaryOf = (of: (each: Record<WebLockContestant, number>) => number): Summary => summarize(times.map(of));
  return contestants.map((name) => ({
    name,
    time: summaryOf((each) => each[name] * 1000),
    ratios: {
      Lock: summaryOf((each) => each[name] / each.Lock),
      'navigator.locks.request': summaryOf((each) => each[name] / each['navigator.locks.request']),
    },
  }));
}
