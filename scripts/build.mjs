// `npm run build`: makes in dist what is published.
//
//   lib, operators   ES modules for bundlers, one per source file, so that a bundle holds only what it uses
//   cjs              the CommonJS build: one module with everything, and one file per entry point
//   node             what `import` loads in Node: re-exports of the CommonJS build, so that a process has one copy
//   types            the declarations, one copy for both formats, so that TypeScript sees one class `Lock`
//   src              the sources, for source maps and declaration maps, where no module resolution finds them
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';
import * as rxjs from 'rxjs';

import { root, tool } from './consumer.mjs';

const dist = join(root, 'dist');
const modules = ['lib', 'operators'];

/** Each entry point: the name of its file in `cjs` and `node`, and the path of its ES module and declarations. */
const entries = {
  index: 'lib/index',
  operators: 'operators/index',
  testing: 'lib/testing/index',
};

/** Reads each name of RxJS once, at load time, as an ES module does: RxJS exports getters, and a call would go through one. */
const bindingRxjs = {
  name: 'binding rxjs',
  setup(bundle) {
    bundle.onResolve({ filter: /^rxjs$/ }, ({ kind, path }) =>
      kind === 'require-call' ? { external: true } : { path, namespace: 'bindings', sideEffects: false },
    );
    bundle.onLoad({ filter: /./, namespace: 'bindings' }, () => {
      const bindings = Object.keys(rxjs)
        .filter((name) => /^\w+$/.test(name) && name !== 'default')
        .map((name) => `export const ${name} = /* @__PURE__ */ (() => rxjs.${name})();\n`);
      return { contents: `const rxjs = require('rxjs');\n${bindings.join('')}`, resolveDir: root };
    });
  },
};

// A file of an earlier build whose source is gone must not be packed.
for (const folder of [...modules, 'cjs', 'node', 'types', 'src']) {
  rmSync(join(dist, folder), { recursive: true, force: true });
}
copySources();
compile();
await bundle();
for (const [name, path] of Object.entries(entries)) {
  await writeEntry(name, path);
}
for (const folder of ['cjs', 'types']) {
  writeFileSync(join(dist, folder, 'package.json'), '{ "type": "commonjs" }\n');
}

function copySources() {
  for (const folder of modules) {
    cpSync(join(root, folder), join(dist, 'src', folder), { recursive: true });
  }
}

/** The ES modules and the declarations. */
function compile() {
  try {
    tool('typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
  } catch (error) {
    console.error(error.stdout);
    process.exit(1);
  }
  for (const folder of [...modules, 'types']) {
    for (const file of readdirSync(join(dist, folder), { recursive: true })) {
      if (file.endsWith('.map')) redirectToCopies(join(dist, folder, file));
    }
  }
}

/** Makes a source map refer to the copies of the sources in dist. */
function redirectToCopies(file) {
  const map = JSON.parse(readFileSync(file, 'utf8'));
  const folder = dirname(file);
  map.sources = map.sources.map((source) => pathFrom(folder, join(dist, 'src', relative(root, resolve(folder, source)))));
  writeFileSync(file, JSON.stringify(map));
}

/** All entry points in one CommonJS module: calls inside it are as direct as in ES modules, and Jest loads one file. */
async function bundle() {
  const all = join(dist, 'src/all.ts');
  writeFileSync(
    all,
    Object.values(entries)
      .map((path) => `export * from './${path}.js';\n`)
      .join(''),
  );
  await build({
    entryPoints: [all],
    outfile: join(dist, 'cjs/all.js'),
    bundle: true,
    format: 'cjs',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'error',
    plugins: [bindingRxjs],
  });
}

async function writeEntry(name, path) {
  const names = Object.keys(await import(pathToFileURL(join(dist, `${path}.js`)).href));
  // Node finds the names of a CommonJS module without running it, so each one is assigned by itself.
  const assignments = names.map((each) => `exports.${each} = all.${each};\n`).join('');
  const marked = `Object.defineProperty(exports, '__esModule', { value: true });\n`;
  writeFileSync(join(dist, `cjs/${name}.js`), `'use strict';\n${marked}const all = require('./all.js');\n${assignments}`);
  mkdirSync(join(dist, 'node'), { recursive: true });
  writeFileSync(join(dist, `node/${name}.js`), `export { ${names.join(', ')} } from '../cjs/${name}.js';\n`);
  const module = join(dist, path);
  writeFileSync(`${module}.d.ts`, `export * from '${pathFrom(dirname(module), join(dist, 'types', path))}.js';\n`);
}

/** A relative path, as a module specifier and a source map write it. */
function pathFrom(folder, file) {
  return relative(folder, file).replaceAll('\\', '/');
}
