// What must be true of every commit: the tests, and everything that is cheaper to check than to find out later.
import { check, runSteps, suite } from './steps.mjs';

await runSteps([
  suite('npm test', 'npm', 'test', '--silent'),
  suite('bugs put in on purpose', 'npm', 'run', '--silent', 'explore', '--', '--faults'),
  check('lint', 'npm', 'run', '--silent', 'lint'),
  check('types', 'npm', 'run', '--silent', 'types'),
  check('build of the library', 'npm', 'run', '--silent', 'build'),
  check('size', 'npm', 'run', '--silent', 'size'),
  check('figures of speed', 'npm', 'run', '--silent', 'bench:table', '--', '--check'),
  suite('package', 'npm', 'run', '--silent', 'check:package'),
  suite('package in every Node, TypeScript and Jest', 'npm', 'run', '--silent', 'check:matrix'),
]);
