// `npm run docs` and `npm run docs:dev`: makes the docs site in dist/docs, or serves it while you write.
//
//   docs/api           the API reference, which TypeDoc writes from the docstrings
//   dist/docs-public   files that the site has as they are: the static demo, in the folder `live`
//
// DOCS_BASE=/rxjs-locks npm run docs is for a host that has the site below a path.
import './setup.mjs';

import { execFileSync, execSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const command = { build: 'vitepress build docs', dev: 'vitepress dev docs' }[process.argv[2]];
if (command === undefined) throw new Error('node scripts/docs.mjs build, or node scripts/docs.mjs dev');

const demo = 'dist/demo-static';
/** What the static demo is made of. */
const sourcesOfDemo = ['demo-app', 'lib', 'operators', 'scripts/build-demo.mjs', 'angular.json', 'package.json'];

function newest(path) {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const lastFileOfDemo = join(demo, 'server-worker.js');
const isFresh = existsSync(lastFileOfDemo) && newest(lastFileOfDemo) > Math.max(...sourcesOfDemo.map(newest));
if (!isFresh) execFileSync(process.execPath, ['scripts/build-demo.mjs'], { stdio: 'inherit' });
rmSync('dist/docs-public', { recursive: true, force: true });
cpSync(demo, 'dist/docs-public/live', { recursive: true });

rmSync('docs/api', { recursive: true, force: true });
execSync('typedoc --logLevel Warn', { stdio: 'inherit' });
execSync(command, { stdio: 'inherit' });
