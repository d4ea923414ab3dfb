// `npm run build:demo`: makes the pages of the demo twice.
//
//   dist/demo          for the server in demo-app/server
//   dist/demo-static   for any host of files, at any path: a service worker takes the part of the server
//
// In both, each page has an index.html of its own: it loads the chunks of the page together with those of the application, instead
// of after them. And a host of files finds a page only in a folder of its name.
import { execSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import { tsImport } from 'tsx/esm/api';

const forServer = 'dist/demo/browser';
const forFiles = 'dist/demo-static';
const base = '<base href="/">';
/** The largest first download of a page in bytes, compressed. */
const budget = 200_000;

execSync('ng build --stats-json', { stdio: 'inherit' });
const { pages } = await tsImport('../demo-app/app/routes.ts', import.meta.url);
const { outputs } = JSON.parse(readFileSync('dist/demo/stats.json', 'utf8'));
const index = readFileSync(join(forServer, 'index.html'), 'utf8');
if (!index.includes(base)) throw new Error(`${base} is not in ${forServer}/index.html`);

/** The name of a chunk and the names of all that it imports. */
function closure(chunk, found = new Set()) {
  if (found.has(chunk)) return found;
  found.add(chunk);
  for (const { path, kind } of outputs[chunk].imports) if (kind === 'import-statement') closure(path, found);
  return found;
}

/** What a browser loads before it shows a page. The names of the files stand in its index.html. */
function checkSize(path) {
  const text = readFileSync(join(forServer, path, 'index.html'), 'utf8');
  const files = new Set([...text.matchAll(/(?:href|src)="([^":]+\.(?:js|css))"/g)].map(([, name]) => name));
  const sizes = [text, ...[...files].map((name) => readFileSync(join(forServer, name)))].map((each) => gzipSync(each).length);
  const size = sizes.reduce((sum, each) => sum + each);
  console.log(`/${path} loads ${(size / 1_000).toFixed(1)} kB`);
  if (size > budget) throw new Error(`/${path} loads more than ${budget / 1_000} kB before it is shown`);
}

/** The index.html of a page, with these elements in place of its `base`. */
function indexOf({ load }, head) {
  const module = join('demo-app/app', `${/import\("(.*?)"\)/.exec(load.toString())[1]}.ts`);
  const chunk = Object.keys(outputs).find((name) => outputs[name].entryPoint === module);
  if (chunk === undefined) throw new Error(`no chunk of dist/demo has ${module}`);
  const early = [...closure(chunk)].filter((name) => !index.includes(name));
  return index
    .replace(base, head)
    .replace('</body>', `${early.map((name) => `<link rel="modulepreload" href="${name}">`).join('')}</body>`);
}

function writePage(folder, path, text) {
  const file = join(folder, path, 'index.html');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

rmSync(forFiles, { recursive: true, force: true });
cpSync(forServer, forFiles, { recursive: true });
cpSync('demo-app/static', forFiles, { recursive: true });

// The address of the site shows the first page.
for (const page of [{ ...pages[0], path: '' }, ...pages]) {
  const root = page.path === '' ? './' : '../'.repeat(page.path.split('/').length);
  writePage(forServer, page.path, indexOf(page, base));
  const head = `<base href="${root}"><meta name="server-worker" content="server-worker.js">`;
  writePage(forFiles, page.path, indexOf(page, head));
  checkSize(page.path);
}

await build({
  entryPoints: ['demo-app/worker/main.ts'],
  outfile: join(forFiles, 'server-worker.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  tsconfig: 'demo-app/tsconfig.worker.json',
  logLevel: 'error',
});

// Hosts of files seldom tell the charset of Markdown. A byte order mark does.
for (const document of ['README.md', ...readdirSync(join(forFiles, 'docs')).map((name) => join('docs', name))]) {
  const file = join(forFiles, document);
  writeFileSync(file, `\uFEFF${readFileSync(file, 'utf8')}`);
}
