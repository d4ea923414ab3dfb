// `npm run test:everywhere`: the specs on each Node, in Chrome, on the oldest and the newest RxJS of the peer range, bare and
// with zone.js; and the package in a project under Vitest. It needs the npm registry, for what is not in node_modules.
// Words behind it choose what to run: `npm run test:everywhere -- 'Node 22'`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './consumer.mjs';
import { findNode, newestNodes } from './nodes.mjs';
import { impossible, runSteps, suite } from './steps.mjs';

const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const newest = `RxJS ${devDependencies.rxjs}`;
const oldest = `RxJS ${devDependencies['rxjs-oldest'].replace('npm:rxjs@', '')}`;

/** The newest of each line that is supported, and the Node that runs this. */
const nodes = [...new Set([process.versions.node, ...newestNodes])];

/** Which RxJS each of them has is proven by specs of its own, in marble-specs/proofs/environments. */
const configurations = [
  { title: `${newest}, bare`, jasmine: 'jasmine.json', karma: 'bare' },
  { title: `${newest}, zone.js`, jasmine: 'jasmine.zone.json', karma: 'zone' },
  { title: `${oldest}, bare`, jasmine: 'jasmine.oldest.json', karma: 'oldest' },
  { title: `${oldest}, zone.js`, jasmine: 'jasmine.oldest-zone.json', karma: 'oldest-zone' },
];

const wanted = process.argv.slice(2);
const isWanted = (name) => wanted.every((word) => name.includes(word));

function onNode(version) {
  const steps = configurations
    .map(({ title, jasmine }) => ({ name: `Node ${version}, ${title}`, jasmine }))
    .filter(({ name }) => isWanted(name));
  if (steps.length === 0) return [];
  try {
    const node = findNode(version);
    return steps.map(({ name, jasmine }) =>
      suite(name, node, '--import', 'tsx', 'node_modules/jasmine/bin/jasmine.js', `--config=marble-specs/${jasmine}`),
    );
  } catch (error) {
    return steps.map(({ name }) => impossible(name, error.message));
  }
}

const inChrome = configurations.map(({ title, karma }) =>
  suite(`Chrome, ${title}`, process.execPath, 'node_modules/@angular/cli/bin/ng.js', 'test', '--configuration', karma),
);
const underVitest = existsSync(join(root, 'dist/lib'))
  ? suite(`Vitest, ${newest}, bare`, process.execPath, 'scripts/check-vitest.mjs')
  : impossible(`Vitest, ${newest}, bare`, 'the library is not built: npm run build');

const steps = [...nodes.flatMap(onNode), ...[...inChrome, underVitest].filter(({ name }) => isWanted(name))];
if (steps.length === 0) {
  steps.push(impossible('what to run', `nothing is called ${wanted.join(' ')}`));
}
await runSteps(steps, { table: true });
