// `npm run build`: makes in dist what is published.
//
//   lib, operators   ES modules for bundlers, one per source file, so that a bundle holds only what it uses
//   cjs              the CommonJS build: one module with the core, and one file per entry point
//   node             what `import` loads in Node: re-exports of the CommonJS build, so that a process has one copy
//   types            the declarations, one copy for both formats, so that TypeScript sees one class `Lock`
//   src              the sources, for source maps and declaration maps, where no module resolution finds them
import { execSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';

import { build } from 'esbuild';
import * as rxjs from 'rxjs';

const modules = ['lib', 'operators'];

/** Each entry point: the name of its file in `cjs` and `node`, and the path of its ES module and declarations. */
const entries = {
  index: 'lib/index',
  operators: 'operators/index',
  testing: 'lib/testing/index',
  // Not for users: what the entry points below take from the one copy.
  remote: 'lib/internal/remote/index',
};

/** These entry points are modules of their own, so that a process loads only those that it uses. */
const separate = {
  angular: 'lib/angular/index',
  web: 'lib/web/index',
  redis: 'lib/redis/index',
  postgres: 'lib/postgres/index',
};

/** Angular is made of ES modules. So its entry point is one in Node too, and not a re-export of the CommonJS build. */
const inBothFormats = ['angular'];

/** A separate entry point takes the primitives and the operators from the one copy that a process has. */
const fromOneCopy = (folder) => ({
  name: 'from one copy',
  setup(bundle) {
    bundle.onResolve({ filter: /\/index\.js$/ }, ({ path, resolveDir }) => {
      const name = posix
        .join(posix.relative(posix.resolve('dist/src'), resolveDir.replaceAll('\\', '/')), path)
        .replace(/\.js$/, '');
      const entry = Object.keys(entries).find((each) => entries[each] === name);
      return entry && { path: `${folder}/${entry}.js`, external: true };
    });
  },
});

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
      return { contents: `const rxjs = require('rxjs');\n${bindings.join('')}`, resolveDir: '.' };
    });
  },
};

// A file of an earlier build whose source is gone must not be packed.
for (const folder of [...modules, 'cjs', 'node', 'types', 'src']) {
  rmSync(`dist/${folder}`, { recursive: true, force: true });
}
mkdirSync('dist/node', { recursive: true });

// The copies are what is compiled, so that source maps and declaration maps refer to them.
for (const folder of modules) {
  cpSync(folder, `dist/src/${folder}`, { recursive: true, filter: (path) => !path.endsWith('.md') });
}
const compilerOptions = { rootDir: 'src', outDir: '.', declarationDir: 'types' };
const include = modules.map((folder) => `src/${folder}`);
writeFileSync('dist/tsconfig.json', JSON.stringify({ extends: '../tsconfig.build.json', compilerOptions, include, exclude: [] }));
execSync('tsc -p dist/tsconfig.json', { stdio: 'inherit' });
rmSync('dist/tsconfig.json');

// All entry points in one CommonJS module: calls inside it are as direct as in ES modules, and Jest loads one file.
const exportsOfAll = Object.values(entries).map((path) => `export * from './${path}.js';\n`);
writeFileSync('dist/src/all.ts', exportsOfAll.join(''));
await build({
  entryPoints: ['dist/src/all.ts'],
  outfile: 'dist/cjs/all.js',
  bundle: true,
  format: 'cjs',
  target: 'es2022',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'error',
  plugins: [bindingRxjs],
});

for (const [folder, format, copy, names] of [
  ['cjs', 'cjs', '.', Object.keys(separate)],
  ['node', 'esm', '../cjs', inBothFormats],
]) {
  await build({
    entryPoints: Object.fromEntries(names.map((name) => [name, `dist/src/${separate[name]}.ts`])),
    outdir: `dist/${folder}`,
    bundle: true,
    format,
    platform: 'node', // so that Node finds the names of a CommonJS module without running it
    target: 'es2022',
    external: ['@angular/*', 'rxjs'],
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'error',
    plugins: [fromOneCopy(copy)],
  });
}

for (const [name, path] of Object.entries(entries)) {
  // Node finds the names of a CommonJS module without running it, so each one is assigned by itself.
  const assignments = (await namesOf(path)).map((each) => `exports.${each} = all.${each};\n`).join('');
  const marked = `Object.defineProperty(exports, '__esModule', { value: true });\n`;
  writeFileSync(`dist/cjs/${name}.js`, `'use strict';\n${marked}const all = require('./all.js');\n${assignments}`);
}
for (const [name, path] of Object.entries({ ...entries, ...separate })) {
  if (!inBothFormats.includes(name)) {
    writeFileSync(`dist/node/${name}.js`, `export { ${(await namesOf(path)).join(', ')} } from '../cjs/${name}.js';\n`);
  }
  writeDeclarations(path);
}
for (const folder of ['cjs', 'types']) writeFileSync(`dist/${folder}/package.json`, '{ "type": "commonjs" }\n');

async function namesOf(path) {
  return Object.keys(await import(`../dist/${path}.js`));
}

/** The declarations of an ES module re-export the one copy. */
function writeDeclarations(path) {
  const types = posix.relative(posix.dirname(path), `types/${path}`);
  writeFileSync(`dist/${path}.d.ts`, `export * from '${types}.js';\n`);
}
