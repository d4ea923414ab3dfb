// `npm run check:package`: packs what was built last as npm would publish it, and uses it as a consumer does. `-- --all`: in every
// Node, TypeScript, Jest and Vitest that is supported. Words choose trials: `-- --all 'TypeScript 5.0'`. Needs the npm registry.
import { exec } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseArgs, promisify } from 'node:util';

import { build, transformSync } from 'esbuild';

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false } },
});

/** The oldest Node that is supported, one before Node 20 had `require` of ES modules, and the newest of each line. */
const nodes = ['20.0.0', '20.18.0', '20.20.2', '22.23.3', '24.21.0'];
const typescripts = ['4.9.5', '5.0.4', '5.1.6', '5.2.2', '5.3.3', '5.4.5', '5.5.4', '5.6.3', '5.7.3', '5.8.3', '5.9.3', '6.0.3'];

const trialsIn = (file) => join(import.meta.dirname, 'trials', file);
const { devDependencies, overrides } = JSON.parse(readFileSync('package.json', 'utf8'));

// Outside of the repository, so that nothing of it is found from there.
const parent = mkdtempSync(join(tmpdir(), 'rxjs-locks-consumer-'));
process.on('exit', () => rmSync(parent, { recursive: true, force: true }));

const run = async (command, cwd) => (await promisify(exec)(command, { cwd, maxBuffer: 2 ** 26 })).stdout;
const [{ filename }] = JSON.parse(await run(`npm pack --json --ignore-scripts --pack-destination "${parent}"`));
const tarball = join(parent, filename);

const fetched = new Map();

/** Runs a program of a package, which npm fetches once: two runs at a time must not both fetch it. */
async function npx(spec, command, cwd) {
  const npmExec = `npm exec --yes --package=${spec} --`;
  if (!fetched.has(spec)) fetched.set(spec, run(`${npmExec} node --version`, cwd));
  await fetched.get(spec);
  return run(`${npmExec} ${command}`, cwd);
}

/** In each format the package does what it should; `both`: `import` and `require` give the same objects. */
const formats = { import: 'node import.mjs', require: 'node require.cjs', both: 'node both.mjs' };

/** What each check of the types reads, and since and until which TypeScript it exists. Before 5.0, node10 has the name `node` only. */
const typeChecks = {
  node: { module: 'commonjs', files: ['used.ts'], until: 6 },
  node16: { files: ['used.cts', 'used.mts', 'across.mts'] },
  nodenext: { files: ['used.cts', 'used.mts', 'across.mts'] },
  bundler: { module: 'esnext', files: ['used.ts'], since: 5 },
  using: {
    module: 'esnext',
    moduleResolution: 'bundler',
    files: ['disposing.ts'],
    since: 5.2,
    lib: ['es2022', 'dom', 'esnext.disposable'],
    skipDefaultLibCheck: false,
  },
};

/** Lays out a consumer with rxjs alone beside the package; `rxjs` is the folder of node_modules from which it has RxJS. */
async function layOut(rxjs) {
  const home = join(parent, rxjs);
  cpSync(join('node_modules', rxjs), join(home, 'node_modules/rxjs'), { recursive: true });
  cpSync('node_modules/tslib', join(home, 'node_modules/tslib'), { recursive: true });
  mkdirSync(join(home, 'node_modules/rxjs-locks'));
  await run(`tar -xzf "${tarball}" --strip-components=1 -C node_modules/rxjs-locks`, home);
  cpSync(trialsIn('.'), home, { recursive: true });
  for (const copy of ['used.cts', 'used.mts']) cpSync(trialsIn('used.ts'), join(home, copy));
  for (const [name, { files, since, until, ...compilerOptions }] of Object.entries(typeChecks)) {
    const resolution = { module: name, moduleResolution: name, ...compilerOptions };
    const config = { extends: './tsconfig.json', compilerOptions: resolution, files };
    writeFileSync(join(home, `tsconfig.${name}.json`), JSON.stringify(config));
  }
  return home;
}

/** The packages of Angular that the entry point for Angular needs. */
const forAngular = ['common', 'compiler', 'core'].map((name) => `@angular/${name}`);

/** Adds Angular to a consumer, in a folder of its own. */
function layOutWithAngular(consumer) {
  const home = join(parent, 'with-angular');
  cpSync(consumer, home, { recursive: true });
  for (const name of forAngular) cpSync(join('node_modules', name), join(home, 'node_modules', name), { recursive: true });
  cpSync(trialsIn('angular.ts'), join(home, 'angular.mts'));
  for (const [name, module] of Object.entries({ nodenext: 'nodenext', bundler: 'esnext' })) {
    const files = [name === 'nodenext' ? 'angular.mts' : 'angular.ts'];
    const config = { extends: './tsconfig.json', compilerOptions: { module, moduleResolution: name }, files };
    writeFileSync(join(home, `tsconfig.angular-${name}.json`), JSON.stringify(config));
  }
  return home;
}

/** Bundles for the browser what loads RxJS and the package in one format: a bundle must have one copy of each. */
async function bundlesOnce(format, folder) {
  const load = (name, index) =>
    format === 'import' ? `export * as m${index} from '${name}';` : `exports['${name}'] = require('${name}');`;
  const { metafile } = await build({
    stdin: { contents: ['rxjs', 'rxjs-locks', 'rxjs-locks/operators'].map(load).join('\n'), resolveDir: folder },
    absWorkingDir: folder,
    bundle: true,
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  for (const pattern of [/\/rxjs\/.*\/Observable\.js$/, /\/rxjs-locks\/dist\/(?:cjs\/all|lib\/lock)\.js$/]) {
    const copies = Object.keys(metafile.inputs).filter((file) => pattern.test(file));
    if (copies.length !== 1) throw new Error(`not one copy of ${pattern}, but ${copies.length}: ${copies.join(', ')}`);
  }
}

const locksTest = readFileSync(trialsIn('locks.test.ts'), 'utf8');
const vitest = (version) => ({
  install: { vite: '7.3.1', vitest: version },
  command: 'vitest run',
  files: { 'locks.test.ts': locksTest.replace("jest, test } from '@jest/globals'", "test, vi as jest } from 'vitest'") },
});
const inJavaScript = { 'locks.test.js': transformSync(locksTest, { loader: 'ts', format: 'cjs', target: 'es2022' }).code };

/** The compiler options of NestJS 10, and of Angular up to 17. */
const commonjs = { target: 'es2022', module: 'commonjs', moduleResolution: 'node', strict: true, types: [] };
const tsJest = {
  jest: { preset: 'ts-jest' },
  files: { 'locks.test.ts': locksTest, 'tsconfig.json': JSON.stringify({ compilerOptions: commonjs }) },
};
const jsdom = { jest: { testEnvironment: 'jsdom' }, files: inJavaScript };

const ofAngular = ['common', 'compiler', 'compiler-cli', 'core', 'platform-browser'].map((name) => `@angular/${name}`);
const own = (...names) => Object.fromEntries(names.map((name) => [name, devDependencies[name]]));

/** Projects with a test runner: what each has installed, its configuration, and its files. */
const projects = {
  'Jest 30': { install: { jest: '30.5.2' }, files: inJavaScript },
  'Jest 30, jsdom': { install: { jest: '30.5.2', 'jest-environment-jsdom': '30.5.2' }, ...jsdom },
  'Jest 29': { install: { jest: '29.6.3' }, files: inJavaScript },
  'Jest 29, jsdom': { install: { jest: '29.6.3', 'jest-environment-jsdom': '29.6.3' }, ...jsdom },
  'Jest 30, ts-jest': { install: { jest: '30.5.2', 'ts-jest': '29.4.15', ...own('typescript') }, ...tsJest },
  'Jest 29, ts-jest': { install: { jest: '29.6.3', 'ts-jest': '29.4.15', typescript: '5.4.5' }, ...tsJest },
  'Jest 30, jest-preset-angular': {
    install: {
      jest: '30.5.2',
      'jest-environment-jsdom': '30.5.2',
      'jest-preset-angular': '17.0.3',
      jsdom: '26.1.0',
      ...own('typescript', 'tslib', 'zone.js', ...ofAngular),
    },
    jest: { preset: 'jest-preset-angular', setupFilesAfterEnv: ['<rootDir>/setup.ts'] },
    files: {
      'locks.test.ts': locksTest,
      'setup.ts': `import { setupZoneTestEnv } from 'jest-preset-angular/setup-env/zone';\nsetupZoneTestEnv();`,
      'tsconfig.spec.json': JSON.stringify({
        compilerOptions: {
          ...commonjs,
          esModuleInterop: true,
          experimentalDecorators: true,
          importHelpers: true,
          isolatedModules: true,
          module: 'es2022',
          moduleResolution: 'bundler',
        },
      }),
    },
  },
  'Vitest 3': vitest('3.2.7'),
  'Vitest 4': vitest('4.1.12'),
};

/** Installs a project, with the package from its tarball, and runs its tests. */
async function passesIn(name) {
  const { install, jest, files, command = 'jest --ci' } = projects[name];
  const folder = join(parent, name.replaceAll(/\W+/g, '-'));
  const dependencies = { ...own('rxjs'), 'rxjs-locks': `file:${tarball}` };
  const manifest = { private: true, dependencies, devDependencies: install, overrides: { rollup: overrides.rollup }, jest };
  mkdirSync(folder);
  for (const [file, text] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) })) {
    writeFileSync(join(folder, file), text);
  }
  await run('npm install --no-audit --no-fund --ignore-scripts --prefer-offline --fetch-retries 1', folder);
  await run(`npm exec -- ${command}`, folder);
}

/** Each trial has a name, and throws what goes wrong. */
async function trials() {
  const home = await layOut('rxjs');
  if (options.all) {
    const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
    return [
      ...Object.keys(projects).map((name) => [name, () => passesIn(name)]),
      ...nodes.flatMap((version) =>
        Object.entries(formats).map(([name, command]) => [
          `Node ${version}, ${name}`,
          () => npx(`node-${platform}@${version}`, command, home),
        ]),
      ),
      ...typescripts.flatMap((version) =>
        Object.entries(typeChecks)
          .filter(([, { since = 0, until = Infinity }]) => parseFloat(version) >= since && parseFloat(version) < until)
          .map(([name]) => [
            `TypeScript ${version}, ${name}`,
            () => npx(`typescript@${version}`, `tsc -p tsconfig.${name}.json`, home),
          ]),
      ),
    ];
  }
  const oldest = await layOut('rxjs-oldest');
  const angular = layOutWithAngular(home);
  const tsc = `node "${join(process.cwd(), 'node_modules/typescript/bin/tsc')}"`;
  const withEach = [
    ['rxjs', home, Object.keys(typeChecks)],
    ['rxjs-oldest', oldest, ['nodenext']],
  ];
  return [
    ['publint', () => run(`publint run "${tarball}" --strict`)],
    ['Are the types wrong?', () => run(`attw "${tarball}" --profile strict`)],
    ['Jest 30', () => passesIn('Jest 30')],
    ['import with Angular in this Node', () => run('node angular.mjs', angular)],
    ...['nodenext', 'bundler'].map((name) => [
      `TypeScript with Angular, ${name}`,
      () => run(`${tsc} -p tsconfig.angular-${name}.json`, angular),
    ]),
    ...withEach.flatMap(([rxjs, folder, checks]) => [
      ...Object.entries(formats).map(([name, command]) => [`${name} in this Node, ${rxjs}`, () => run(command, folder)]),
      ...checks.map((name) => [`TypeScript, ${name}, ${rxjs}`, () => run(`${tsc} -p tsconfig.${name}.json`, folder)]),
      ...['import', 'require'].map((name) => [`bundle of ${name}, ${rxjs}`, () => bundlesOnce(name, folder)]),
    ]),
  ];
}

const chosen = (await trials()).filter(([name]) => words.every((word) => name.includes(word)));
if (chosen.length === 0) throw new Error(`nothing is called ${words.join(' ')}`);

describe(filename, { concurrency: 2 }, () => {
  for (const [name, trial] of chosen) test(name, trial);
});
