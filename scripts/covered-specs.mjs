// The specs in Node, bare and with zone.js, and the check that together they have run every line and every branch.
import { check, suite } from './steps.mjs';

const c8 = ['node', 'node_modules/c8/bin/c8.js', '--temp-directory', 'node_modules/.cache/coverage'];

/** Runs a script of package.json, and writes down what of the library it has run. */
const recording = (script, ...options) => [...c8, '--reporter', 'none', ...options, 'npm', 'run', '--silent', script];

const all = ['--all', '--include', 'lib/**', '--include', 'operators/**'];
// Types alone: there is nothing in it to run, and nothing loads it.
const untouched = ['--exclude', 'lib/permit.ts', '--exclude', 'lib/internal/delivery/trace-event.ts'];

export const coveredSpecs = [
  suite('specs in Node', ...recording('test:node')),
  suite('specs in Node, with zone.js', ...recording('test:zone', '--clean=false')),
  check('coverage', ...c8, ...all, ...untouched, '--reporter', 'text', '--skip-full', '--100', 'report'),
];
