// `npm run release:prepare`: turns the pending changesets into the next version in package.json and a section of CHANGELOG.md, and
// removes them. Changesets picks the version. It would put its own headings above our introduction, so we write the text ourselves.
import { execSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

import { textOf, withRelease } from './changelog.mjs';
import { pendingChangesets } from './changesets.mjs';

const versionIn = (manifest) => JSON.parse(manifest).version;
const read = (file) => readFileSync(file, 'utf8');

const changelog = read('CHANGELOG.md');
const texts = pendingChangesets().map((file) => textOf(read(file)));
if (texts.length === 0) throw new Error('no changeset is pending: npx changeset adds one');
// Refuses a malformed text before anything is written.
withRelease(changelog, 'next', texts);

execSync('changeset version', { stdio: 'inherit' });
const version = versionIn(read('package.json'));
writeFileSync('CHANGELOG.md', withRelease(changelog, version, texts));
execSync('npm install --package-lock-only --ignore-scripts', { stdio: 'inherit' });
console.log(`prepared ${version}: read the new section of CHANGELOG.md, and commit`);
