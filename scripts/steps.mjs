// Runs commands one after another, shows what they print, and adds up what their closing lines say.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const windows = process.platform === 'win32';

const colours = /\u001b\[[0-9;]*m/g;

/** What a closing line of Jasmine, of Karma, or of this script says; undefined where a line is none. */
function countsIn(line) {
  const ours = /^(\d+) passed, (\d+) failed$/.exec(line);
  if (ours) {
    return { passed: Number(ours[1]), failed: Number(ours[2]) };
  }
  const jasmine = /^(\d+) specs?, (\d+) failures?/.exec(line);
  if (jasmine) {
    return { passed: Number(jasmine[1]) - Number(jasmine[2]), failed: Number(jasmine[2]) };
  }
  // Karma rewrites its line as it goes; what counts is the last state of it.
  const karma = [...line.matchAll(/Executed (\d+) of (\d+)(?: \((\d+) FAILED\))?/g)].at(-1);
  if (karma) {
    const failed = Number(karma[3] ?? 0) + (Number(karma[2]) - Number(karma[1]));
    return { passed: Number(karma[2]) - failed, failed };
  }
  return undefined;
}

/** Runs one command; one that fails without saying of what counts as one failure. */
function runStep({ name, command, args, isSuite, cannot }) {
  if (cannot !== undefined) {
    console.error(`\n── ${name}: FAILED: ${cannot}`);
    return { passed: 0, failed: 1 };
  }
  const started = Date.now();
  console.log(`\n── ${name}: ${[command, ...args].join(' ')}`);
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], shell: windows });
    let counts;
    let rest = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      const lines = (rest + String(chunk).replace(colours, '')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        counts = countsIn(line.trim()) ?? counts;
      }
    });
    child.on('error', (error) => {
      console.error(`cannot run ${command}: ${error.message}`);
      resolve({ passed: 0, failed: 1 });
    });
    child.on('close', (code) => {
      counts = countsIn(rest.trim()) ?? counts;
      console.log(`── ${name}: ${code === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      if (isSuite && counts === undefined) {
        console.error(`${name} did not say how many specs it ran`);
        resolve({ passed: 0, failed: 1 });
      } else if (isSuite) {
        resolve(code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts);
      } else {
        resolve(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
      }
    });
  });
}

/** A suite of specs, which says how many ran. */
export const suite = (name, command, ...args) => ({ name, command, args, isSuite: true });

/** A check, which counts as one. */
export const check = (name, command, ...args) => ({ name, command, args, isSuite: false });

/** A step that cannot even begin: a failure that says why. */
export const impossible = (name, cannot) => ({ name, cannot });

/** Runs all steps, ends with the plain line of the sum (and a table, if asked), and with exit code 1 if anything failed. */
export async function runSteps(steps, { table = false } = {}) {
  const sum = { passed: 0, failed: 0 };
  const rows = [];
  for (const step of steps) {
    const started = Date.now();
    const { passed, failed } = await runStep(step);
    rows.push([step.name, `${passed} passed`, `${failed} failed`, `${((Date.now() - started) / 1000).toFixed(1)} s`]);
    sum.passed += passed;
    sum.failed += failed;
  }
  if (table) {
    console.log(`\n${aligned(rows)}`);
  }
  console.log(`\n${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

/** Lines of columns: the first to the left, the others, which are numbers, to the right. */
function aligned(rows) {
  const widths = rows.reduce((widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)), []);
  const padded = (cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]));
  return rows.map((row) => row.map(padded).join('   ')).join('\n');
}
