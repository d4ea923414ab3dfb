/**
 * Measures `throttleBySemaphore` in Chrome. A page sends a thousand requests with Angular's `HttpClient` to a local server, six
 * at a time, and then the same with `mergeMap(get, 6)`.
 *
 *   npm run build                                          the page uses the built library
 *   npx tsx benchmarks/page/main.ts                        both backends of HttpClient
 *   npx tsx benchmarks/page/main.ts fetch                  one of them; the other is XMLHttpRequest
 *   npx tsx benchmarks/page/main.ts --json figures.json    writes the figures too
 *   npx tsx benchmarks/page/main.ts --latency 20           the server responds after 20 ms instead of 5
 *   npx tsx benchmarks/page/main.ts --rounds 30            measures 30 rounds instead of 9
 *
 * The command fails if a result is wrong, but not if a target is missed.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { bundle } from './bundle.js';
import { launchChrome } from './chrome.js';
import { compare, WARM_UP_ROUNDS, type BackendResult } from './compare.js';
import { backends, PERMITS, REQUESTS } from './protocol.js';
import { report, table, targets, type Conditions } from './report.js';
import { ItemServer } from './server.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    latency: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '9' },
  },
});

const [latency, rounds] = [atLeastOne('latency'), atLeastOne('rounds')];
const unknown = positionals.filter((name) => !backends.some((backend) => backend === name));
if (unknown.length > 0) {
  throw new Error(`HttpClient has no backend ${unknown.join(', ')}; it has ${backends.join(' and ')}`);
}
const chosen = backends.filter((backend) => positionals.length === 0 || positionals.includes(backend));

const server = await ItemServer.listen(await bundle('page.ts'), latency);
try {
  const browser = await launchChrome();
  try {
    const conditions = { chrome: browser.version(), latency, rounds };
    console.log(`${heading(conditions)}\n`);
    const results: BackendResult[] = [];
    for (const backend of chosen) {
      const result = await compare(browser, server, backend, rounds);
      results.push(result);
      console.log(`${table(result)}\n`);
    }

    const all = results.flatMap(targets);
    for (const { name } of all.filter(({ reached }) => !reached)) {
      console.log(`MISSED ${name}`);
    }
    console.log(`${String(all.filter(({ reached }) => reached).length)} of ${String(all.length)} targets reached`);
    if (options.json !== undefined) {
      writeFileSync(options.json, `${JSON.stringify(report(conditions, results), undefined, 2)}\n`);
    }
  } finally {
    await browser.close();
  }
} finally {
  await server.close();
}

function heading({ chrome, latency, rounds }: Conditions): string {
  return (
    `${REQUESTS.toLocaleString('en')} requests, ${String(PERMITS)} at a time, each with a latency of ${String(latency)} ms; ` +
    `Chrome ${chrome}; ${String(rounds)} rounds after ${String(WARM_UP_ROUNDS)} to warm up`
  );
}

function atLeastOne(name: 'latency' | 'rounds'): number {
  const value = Number(options[name]);
  if (!(value >= 1)) {
    throw new RangeError(`--${name} must be a number of at least 1, but is ${options[name]}`);
  }
  return value;
}
