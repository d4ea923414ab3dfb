// `npm test`: the specs in Node, bare, with zone.js, and on the oldest RxJS, and what they cover; a bounded exploration; the
// same specs and the demo's in Chrome, and with zone.js; the demo end to end.
import { coveredSpecs } from './covered-specs.mjs';
import { check, runSteps, suite } from './steps.mjs';

await runSteps([
  ...coveredSpecs,
  suite('specs in Node, on the oldest RxJS', 'npm', 'run', '--silent', 'test:oldest'),
  suite('scripts of up to three steps', 'npm', 'run', '--silent', 'explore', '--', '--steps', '3'),
  suite('backend of the demo', 'npm', 'run', '--silent', 'test:server'),
  suite('specs and demo in Chrome', 'npm', 'run', '--silent', 'test:chrome'),
  suite('specs in Chrome, with zone.js', 'npm', 'run', '--silent', 'test:chrome-zone'),
  check('build of the demo', 'npm', 'run', '--silent', 'build:demo'),
  suite('demo end to end', 'npm', 'run', '--silent', '--ignore-scripts', 'test:e2e'),
]);
