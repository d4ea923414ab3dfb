// `npm test`: the specs in Node, and what they cover; a bounded exploration; the same specs and the demo's in Chrome; the demo end to end.
import { coveredSpecs } from './covered-specs.mjs';
import { check, runSteps, suite } from './steps.mjs';

await runSteps([
  ...coveredSpecs,
  suite('scripts of up to three steps', 'npm', 'run', '--silent', 'explore', '--', '--steps', '3'),
  suite('backend of the demo', 'npm', 'run', '--silent', 'test:server'),
  suite('specs and demo in Chrome', 'npm', 'run', '--silent', 'test:chrome'),
  check('build of the demo', 'npm', 'run', '--silent', 'build:demo'),
  suite('demo end to end', 'npm', 'run', '--silent', '--ignore-scripts', 'test:e2e'),
]);
