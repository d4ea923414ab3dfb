// `npm run build:demo`: makes the pages of the demo twice.
//
//   dist/demo          for the server in demo-app/server
//   dist/demo-static   for any host of files, at any path: a service worker takes the part of the server
import { execSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { build } from 'esbuild';
import { tsImport } from 'tsx/esm/api';

const pages = 'dist/demo/browser';
const target = 'dist/demo-static';

execSync('ng build', { stdio: 'inherit' });
rmSync(target, { recursive: true, force: true });
cpSync(pages, target, { recursive: true });
cpSync('demo-app/static', target, { recursive: true });

await build({
  entryPoints: ['demo-app/worker/main.ts'],
  outfile: join(target, 'server-worker.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  tsconfig: 'demo-app/tsconfig.worker.json',
  logLevel: 'error',
});

// A host of files finds the page of an address only in a folder of that name.
const { pages: routes } = await tsImport('../demo-app/app/routes.ts', import.meta.url);
const index = readFileSync(join(pages, 'index.html'), 'utf8');
const base = '<base href="/">';
if (!index.includes(base)) throw new Error(`${base} is not in ${pages}/index.html`);
for (const path of ['', ...routes.map((route) => route.path)]) {
  const root = path === '' ? './' : '../'.repeat(path.split('/').length);
  const file = join(target, path, 'index.html');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, index.replace(base, `<base href="${root}"><meta name="server-worker" content="server-worker.js">`));
}

// Hosts of files seldom tell the charset of Markdown. A byte order mark does.
for (const document of ['README.md', ...readdirSync(join(target, 'docs')).map((name) => join('docs', name))]) {
  const file = join(target, document);
  writeFileSync(file, `\uFEFF${readFileSync(file, 'utf8')}`);
}
