// `npm test`, `npm run check` and others, by the name of their list: runs a list of steps, one after another, adds up
// what they say about passed and failed specs, and ends with the sum. Words choose steps: `npm test -- Chrome`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

import './setup.mjs';

import { findServers } from './servers.mjs';

/** A suite prints how many specs passed; a check counts as one. */
const suite = (name, command, prepare = () => undefined) => ({ name, command, isSuite: true, prepare });
const check = (name, command) => ({ name, command, isSuite: false, prepare: () => undefined });

/** Needs servers. `npm test` skips it where they cannot be installed; everything else fails there. */
const withServers = (name, command) => ({ ...suite(name, command, findServers), canBeSkipped: true });

const jasmine = (config) => `node --import tsx node_modules/jasmine/bin/jasmine.js --config=${config}.json`;
const c8 = 'c8 --temp-directory node_modules/.cache/coverage';
const recording = `${c8} --reporter none`;
// These files hold types alone: there is nothing in them to run, and nothing loads them.
const untouched = [
  'angular/token-session',
  'internal/delivery/trace-event',
  'permit',
  'postgres/client',
  'postgres/options',
  'redis/client',
  'redis/options',
  'web/web-permit',
]
  .map((file) => `--exclude lib/${file}.ts`)
  .join(' ');

const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** The Node that runs this, and the newest of each line that is supported. */
const nodes = [...new Set([process.versions.node, '20.20.2', '22.23.3', '24.21.0'])];
const fetching = (version) =>
  version === process.versions.node ? '' : `npm exec --yes --package=node-${platform}@${version} -- `;

/** Two instances of a NestJS application, with the package as npm would publish it. */
const sample = [withServers('sample for NestJS', 'node scripts/sample.mjs && npm --prefix samples/nestjs test')];

const coverage = [
  suite('specs in Node', `${recording} ${jasmine('marble-specs/jasmine')}`),
  suite('specs in Node, with zone.js', `${recording} --clean=false ${jasmine('marble-specs/jasmine.zone')}`),
  withServers('specs with servers', `${recording} --clean=false ${jasmine('marble-specs/jasmine.servers')}`),
  check('coverage', (skipped) => {
    const uncovered = skipped.length === 0 ? '' : '--exclude "lib/{redis,postgres,internal/remote}/**"';
    return `${c8} report --all --include "lib/**" --include "operators/**" ${untouched} ${uncovered} --reporter text --skip-full --100`;
  }),
];

const test = [
  ...coverage,
  suite('specs in Node, on the oldest RxJS', jasmine('marble-specs/jasmine.oldest')),
  suite('interleavings of up to three steps', 'npm run --silent explore -- --steps 3'),
  suite('backend of the demo', jasmine('demo-app/backend/jasmine')),
  suite('specs and demo in Chrome', 'ng test'),
  suite('specs in Chrome, with zone.js', 'ng test --configuration zone'),
  suite('web locks in Node 24, and in its threads', fetching('24.21.0') + jasmine('marble-specs/jasmine.threads')),
  suite('web locks in tabs', jasmine('marble-specs/jasmine.tabs')),
  check('build of the demo', 'npm run --silent build:demo'),
  suite('demo end to end', jasmine('demo-app/e2e/jasmine')),
  ...sample,
];

const servers = [withServers('specs with servers', jasmine('marble-specs/jasmine.servers'))];

const everything = [
  ...test,
  {
    ...suite('docs', `npm run --silent docs && ${jasmine('docs/.vitepress/jasmine')}`),
    env: { DOCS_BASE: '/rxjs-locks' }, // below a path, as at most hosts of documentation
  },
  suite('planted bugs', 'npm run --silent explore -- --faults'),
  check('lint', 'npm run --silent lint'),
  check('types', 'npm run --silent types'),
  check('API reports', 'npm run --silent api -- --check'),
  suite('size', 'npm run --silent size'),
  suite('form of the changelog', 'node --test-reporter=spec --test scripts/changelog.test.mjs'),
  check('tables of the benchmarks', 'node scripts/bench-table.mjs --check'),
  suite('package', 'npm run --silent check:package'),
  suite('package in every Node, TypeScript, Jest and Vitest', 'npm run --silent check:package -- --all'),
];

const newest = `RxJS ${devDependencies.rxjs}`;
const oldest = `RxJS ${devDependencies['rxjs-oldest'].replace('npm:rxjs@', '')}`;
// Specs in marble-specs/proofs/environments prove which RxJS a run has.
const everywhere = [
  [`${newest}, bare`, 'jasmine', 'bare'],
  [`${newest}, zone.js`, 'jasmine.zone', 'zone'],
  [`${oldest}, bare`, 'jasmine.oldest', 'oldest'],
  [`${oldest}, zone.js`, 'jasmine.oldest-zone', 'oldest-zone'],
].flatMap(([title, config, karma]) => [
  ...nodes.map((node) => suite(`Node ${node}, ${title}`, fetching(node) + jasmine(`marble-specs/${config}`))),
  suite(`Chrome, ${title}`, `ng test --configuration ${karma}`),
]);

/** The last count that Jasmine, Karma, Node's test runner or one of our commands printed. Karma rewrites its line as it goes. */
function countsIn(printed) {
  const last = (pattern) =>
    [...stripVTControlCharacters(printed).matchAll(pattern)]
      .at(-1)
      ?.slice(1)
      .map((count) => Number(count ?? 0));
  const [passed, failed] = last(/^(\d+) passed, (\d+) failed$/gm) ?? last(/^ℹ pass (\d+)\nℹ fail (\d+)$/gm) ?? [];
  if (passed !== undefined) return { passed, failed };
  const [specs, failures] = last(/^(\d+) specs?, (\d+) failures?/gm) ?? [];
  if (specs !== undefined) return { passed: specs - failures, failed: failures };
  const [executed, total, red] = last(/Executed (\d+) of (\d+)(?: \((\d+) FAILED\))?/g) ?? [];
  return total === undefined ? undefined : { passed: executed - red, failed: red + total - executed };
}

/** Runs one step. If it fails, at least one failure is counted; so is a suite that does not say what it ran. */
async function run({ name, command, env, isSuite, prepare, canBeSkipped }) {
  console.log(`\n── ${name}: ${command}`);
  try {
    prepare();
  } catch (error) {
    const isSkipped = canBeSkipped && list === 'test';
    console.error(`${isSkipped ? 'skipped: ' : ''}${error.message}`);
    return { passed: 0, failed: isSkipped ? 0 : 1, isSkipped };
  }
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    printed += text;
  });
  const [code] = await once(child, 'close');
  const { passed, failed } = (isSuite ? countsIn(printed) : { passed: code === 0 ? 1 : 0, failed: 0 }) ?? {
    passed: 0,
    failed: 1,
  };
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1) };
}

const [list, ...words] = process.argv.slice(2);
const steps = { coverage, servers, sample, test, check: everything, everywhere }[list].filter(({ name }) =>
  words.every((word) => name.includes(word)),
);
if (steps.length === 0) throw new Error(`no step is called ${words.join(' ')}`);

const sum = { passed: 0, failed: 0 };
const skipped = [];
const rows = {};
for (const step of steps) {
  const started = Date.now();
  const command = typeof step.command === 'function' ? step.command(skipped) : step.command;
  const { passed, failed, isSkipped } = await run({ ...step, command });
  rows[step.name] = { passed, failed, seconds: Math.round((Date.now() - started) / 1000) };
  sum.passed += passed;
  sum.failed += failed;
  if (isSkipped) skipped.push(step.name);
}
console.table(rows);
for (const name of skipped) {
  console.log(`skipped: ${name}, which says above what it lacks`);
}
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 ? 0 : 1;
