// `npm run check:matrix`: uses the packed package in every Node, TypeScript and Jest that is supported. Needs the npm registry.
// Words behind it choose what to run: `npm run check:matrix -- 'TypeScript 5.0'`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { inFolder, layOut, npm, pack, write } from './consumer.mjs';
import { findNode, newestNodes } from './nodes.mjs';
import { checksOf, formats, forNode, forTypeScript, jests, loadsIn, passesUnder, runTrials, typesHold } from './trials.mjs';

/** The oldest Node that is supported, one before Node 20 had `require` of ES modules, and the newest of each line. */
const nodes = ['20.0.0', '20.18.0', ...newestNodes];

const typescripts = ['4.9.5', '5.0.4', '5.1.6', '5.2.2', '5.3.3', '5.4.5', '5.5.4', '5.6.3', '5.7.3', '5.8.3', '5.9.3'];

const wanted = process.argv.slice(2);
const isWanted = ([name]) => wanted.every((word) => name.includes(word));

await inFolder(async (folder) => {
  const { tarball } = pack(folder);
  const home = join(folder, 'consumer');
  mkdirSync(home);
  layOut(home, tarball, { ...forNode, ...forTypeScript });

  const inNodes = nodes.flatMap((version) =>
    formats.map((format) => [`Node ${version}, ${format}`, () => loadsIn(format, findNode(version), home)]),
  );
  const inTypeScripts = typescripts.flatMap((version) =>
    checksOf(version).map((check) => [
      `TypeScript ${version}, ${check}`,
      () => typesHold(check, join(folder, 'node_modules', `typescript-${version}`), home),
    ]),
  );
  const inJests = Object.keys(jests).map((name) => [name, () => passesUnder(name, tarball, folder)]);
  if (inTypeScripts.some(isWanted)) {
    const aliases = Object.fromEntries(typescripts.map((version) => [`typescript-${version}`, `npm:typescript@${version}`]));
    write(folder, { 'package.json': JSON.stringify({ private: true, devDependencies: aliases }) });
    npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--fetch-retries', '1'], folder);
  }
  const trials = [...inJests, ...inNodes, ...inTypeScripts].filter(isWanted);
  if (trials.length === 0) {
    throw new Error(`nothing is called ${wanted.join(' ')}`);
  }
  await runTrials(trials);
});
