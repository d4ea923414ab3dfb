// Measures each page of the built demo in headless Chrome, and fails below the targets. It is no part of `npm run check`: the score
// of performance is a matter of time, which varies on a busy machine.
// `node scripts/lighthouse.mjs /stale-saves` measures one page. Needs npm's registry: Lighthouse goes into the cache of npm only.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { tsImport } from 'tsx/esm/api';

import { findChrome } from './chrome.mjs';

const version = '12.2.1';
const targets = { accessibility: 100, performance: 95 };
/** The performance of a busy machine varies. The best of these attempts counts. */
const attempts = 3;

const output = 'dist/lighthouse';
const { listen } = await tsImport('../demo-app/server/server.ts', import.meta.url);
const { pages } = await tsImport('../demo-app/app/routes.ts', import.meta.url);
const chrome = await findChrome();
const server = await listen({ pages: 'dist/demo/browser' });

/** The scores of a page by their categories, and the audits that are not perfect. */
async function measure(path) {
  const file = join(output, `${path.replaceAll('/', '') || 'index'}.json`);
  const options = [
    `--only-categories=${Object.keys(targets).join(',')}`,
    '--output=json',
    `--output-path=${file}`,
    '--quiet',
    `--chrome-flags=--headless=new ${chrome.args.join(' ')}`,
  ];
  const command = ['exec', '--yes', `--package=lighthouse@${version}`, '--', 'lighthouse', server.url + path, ...options];
  const env = { ...process.env, ...chrome.env, CHROME_PATH: chrome.executablePath };
  await promisify(execFile)('npm', command, { env, maxBuffer: 2 ** 26 });
  const { audits, categories } = JSON.parse(readFileSync(file, 'utf8'));
  const lacking = Object.values(audits).filter(({ score }) => score !== null && score < 0.9);
  return {
    scores: Object.fromEntries(Object.keys(targets).map((id) => [id, Math.round(100 * categories[id].score)])),
    lacking: lacking.map(({ title, displayValue }) => [title, displayValue].filter(Boolean).join(': ')),
  };
}

mkdirSync(output, { recursive: true });
const paths = process.argv.length > 2 ? process.argv.slice(2) : pages.map(({ path }) => `/${path}`);
let failed = 0;
try {
  for (const path of paths) {
    let best;
    const missed = () => Object.keys(targets).filter((id) => best.scores[id] < targets[id]);
    for (let attempt = 1; attempt <= attempts && (best === undefined || missed().length > 0); attempt++) {
      const measured = await measure(path);
      if (best === undefined || measured.scores.performance > best.scores.performance) best = measured;
    }
    const scores = Object.entries(best.scores).map(([id, score]) => `${id} ${score}`);
    console.log([`${path}: ${scores.join(', ')}`, ...best.lacking].join('\n  '));
    if (missed().length > 0) failed += 1;
  }
} finally {
  await server.close();
}
console.log(`${paths.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
