// `npm run build:demo`: makes the pages of the demo twice.
//
//   dist/demo          for the server in demo-app/server
//   dist/demo-static   for any host of files, at any path: a service worker takes the part of the server
//
// In both, each page has an index.html of its own: it shows the heading and the lead of the page before the application has started,
// and loads the chunks of the page together with those of the application, instead of after them. And a host of files finds a page
// only in a folder of its name.
import { execSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import { tsImport } from 'tsx/esm/api';

const forServer = 'dist/demo/browser';
const forFiles = 'dist/demo-static';
/** The largest first download of a page in bytes, compressed. */
const budget = 200_000;

execSync('ng build --stats-json', { stdio: 'inherit' });
const { pages } = await tsImport('../demo-app/app/routes.ts', import.meta.url);
const { outputs } = JSON.parse(readFileSync('dist/demo/stats.json', 'utf8'));
const index = readFileSync(join(forServer, 'index.html'), 'utf8');
const [base] = /<base [^>]*>/.exec(index);
// Inside of the page, since what is drawn with a part of the styles moves when the rest comes.
const [stylesheet, stylesFile] = /<link rel="stylesheet" href="([^"]+)">/.exec(index);
const styles = readFileSync(join(forServer, stylesFile), 'utf8').trim();

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

/** Replaces a part of index.html. */
function replaced(html, part, text) {
  if (!html.includes(part)) throw new Error(`${part} is not in ${forServer}/index.html`);
  return html.replace(part, () => text); // a function, since a `$` in a text has a meaning for replace()
}

/** The index.html of a page, with these elements in place of its `base`. */
function indexOf({ path, load, heading, lead }, head) {
  const module = join('demo-app/app', `${/import\("(.*?)"\)/.exec(load.toString())[1]}.ts`);
  const chunk = Object.keys(outputs).find((name) => outputs[name].entryPoint === module);
  if (chunk === undefined) throw new Error(`no chunk of dist/demo has ${module}`);
  const early = [...closure(chunk)].filter((name) => !index.includes(name));
  const links = pages.map((page) => {
    const mark = page.path === path || (path === '' && page === pages[0]) ? ' class="active"' : '';
    return `<a href="${page.path}"${mark}><app-icon></app-icon> ${page.name}</a>`;
  });
  const parts = [
    [base, head],
    [stylesheet, `<style>${styles}</style>`],
    ['<nav aria-label="Pages"></nav>', `<nav aria-label="Pages">${links.join('')}</nav>`],
    ['<h1>rxjs-locks</h1>', `<h1>${heading}</h1>`],
    [/(?<=<p class="lead">)[^<]+/.exec(index)[0], lead],
    ['</body>', `${early.map((name) => `<link rel="modulepreload" href="${name}">`).join('')}</body>`],
  ];
  return parts.reduce((html, [part, text]) => replaced(html, part, text), index);
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

// The server in Node sends these to browsers that read Brotli, which makes them a tenth smaller than the server can on the way.
for (const file of readdirSync(forServer, { recursive: true }).filter((name) => /\.(js|css|html)$/.test(name))) {
  writeFileSync(join(forServer, `${file}.br`), brotliCompressSync(readFileSync(join(forServer, file))));
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
