// `npm run release:check`: whether the package may be published as it stands. It refuses while the owner's place is not filled in: the
// `repository` in package.json, the only place that names the owner. npm derives `homepage` and `bugs` from it.
import { readFileSync } from 'node:fs';

import { hasRelease } from './changelog.mjs';
import { pendingChangesets } from './changesets.mjs';

const { repository, version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** GitHub sets both when a tag is pushed. */
const { GITHUB_REF_TYPE: refType, GITHUB_REF_NAME: refName } = process.env;

const conditions = [
  [
    !repository.url.includes('/OWNER/'),
    'package.json names the repository: put its owner in the place of OWNER in `repository.url`',
  ],
  [hasRelease(readFileSync('CHANGELOG.md', 'utf8'), version), `CHANGELOG.md has a section ${version}`],
  [pendingChangesets().length === 0, 'no changeset is pending: npm run release:prepare takes them into a version'],
  ...(refType === 'tag' ? [[refName === `v${version}`, `the tag is called v${version}`]] : []),
];

for (const [isMet, condition] of conditions) console.log(`${isMet ? 'passed' : 'REFUSED'}: ${condition}`);
process.exitCode = conditions.every(([isMet]) => isMet) ? 0 : 1;
