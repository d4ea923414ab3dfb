// `npm run mutate` makes many small changes to the library, one at a time, and checks that a spec fails.
// `npm run mutate -- --mutate lib/lock.ts` does this for one file.
import { createRequire } from 'node:module';

// Stryker 9 gives its parser of TypeScript no plugin for `accessor`, and no option to add one. So the preset that it uses gets one.
const core = createRequire(import.meta.resolve('@stryker-mutator/core'));
const preset = createRequire(core.resolve('@stryker-mutator/instrumenter'))('@babel/preset-typescript');
const { default: typescript } = preset;
const accessors = { manipulateOptions: (_, { plugins }) => plugins.push('decoratorAutoAccessors') };
preset.default = (...args) => {
  const made = typescript(...args);
  return { ...made, plugins: [...(made.plugins ?? []), accessors] };
};

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'jasmine',
  jasmineConfigFile: 'marble-specs/jasmine.mutation.json',
  coverageAnalysis: 'perTest',
  // What is proved with servers has planted bugs instead: `npm run attack:faults`.
  mutate: [
    'lib/**/*.ts',
    'operators/**/*.ts',
    '!lib/redis/**',
    '!lib/postgres/**',
    '!**/index.ts',
    '!lib/permit.ts',
    '!lib/internal/delivery/trace-event.ts',
  ],
  thresholds: { high: 100, low: 95, break: 95 },
  concurrency: 2,
  // tsx ignores the paths of tsconfig.json below node_modules, so the mutated copies are in another directory.
  tempDirName: 'dist/mutation',
  ignorePatterns: ['/*', '!/lib', '!/operators', '!/marble-specs', '!/package.json', '!/tsconfig.json'],
  reporters: ['clear-text', 'progress', 'html', 'json'],
  htmlReporter: { fileName: 'node_modules/.cache/stryker/report.html' },
  jsonReporter: { fileName: 'node_modules/.cache/stryker/report.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  warnings: { slow: false },
  timeoutMS: 4_000,
};
