// Writes what the figures of the benchmarks say into pages; with --check, fails where a page says anything else.
//
// A page has a part of the figures between two comments: `<!-- figures: NAME … -->` and `<!-- … NAME -->`. scripts/tables/ has the
// parts. A page can have several, and a part can be on several pages.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { library } from './tables/library.mjs';
import { servers } from './tables/servers.mjs';
import { webLocks } from './tables/web-locks.mjs';

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

/** The pages that have figures. */
const pages = ['README.md', 'docs/figures.md', 'benchmarks/README.md'];

const inRoot = (path) => new URL(`../${path}`, import.meta.url);
const figures = (path) => JSON.parse(readFileSync(inRoot(path), 'utf8'));

/** Each part by its name: its paragraphs. */
const parts = {
  ...library(figures('benchmarks/figures.json')),
  ...webLocks(figures('benchmarks/figures-web-locks.json')),
  ...servers(figures('benchmarks/figures-servers.json')),
};

const beginning = /<!-- figures: (.+?) … -->/g;
const end = /<!-- … (.+?) -->/g;
const part = /(<!-- figures: (.+?) … -->)[^]*?(<!-- … \2 -->)/g;

/** The page with all its parts as they should be. */
function updated(path, page) {
  const [begun, ended] = [beginning, end].map((comment) => [...page.matchAll(comment)].map(([, name]) => name).join(', '));
  if (begun === '' || begun !== ended) {
    throw new Error(
      `${path} needs pairs of comments, <!-- figures: NAME … --> and <!-- … NAME -->, but has those of [${begun}] and [${ended}]`,
    );
  }
  return page.replace(part, (_all, first, name, last) => {
    if (parts[name] === undefined) {
      throw new Error(`${path} asks for the figures "${name}"; there are ${Object.keys(parts).join(', ')}`);
    }
    return [first, ...parts[name], last].join('\n\n');
  });
}

let failed = 0;
for (const path of pages) {
  const page = readFileSync(inRoot(path), 'utf8');
  const wanted = updated(path, page);
  if (!options.check) {
    writeFileSync(inRoot(path), wanted);
  } else if (wanted === page) {
    console.log(`passed: ${path} says what the figures say`);
  } else {
    failed++;
    console.log(`FAILED: ${path} does not say what the figures say; node scripts/bench-table.mjs writes it`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
