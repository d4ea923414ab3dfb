// Packs the package as npm would publish it, for trials in a folder of a consumer's own, where nothing of the repository is near.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../', import.meta.url));
const windows = process.platform === 'win32';

/** What a command prints. Without a standard input it asks nothing. */
export const run = (command, args, cwd = root) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 });

export const npm = (args, cwd) => (windows ? run('cmd', ['/c', 'npm', ...args], cwd) : run('npm', args, cwd));

/** The same, beside other commands. */
export const runBeside = async (command, args, cwd) =>
  (await promisify(execFile)(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 })).stdout;

export const npmBeside = (args, cwd) => (windows ? runBeside('cmd', ['/c', 'npm', ...args], cwd) : runBeside('npm', args, cwd));

/** A program of the repository's node_modules. */
export const tool = (name, args, cwd) => run(process.execPath, [join(root, 'node_modules', ...name.split('/')), ...args], cwd);

/** Runs a trial in an empty folder outside of the repository; a command that fails in it says why, and fails the process. */
export async function inFolder(trial) {
  const folder = mkdtempSync(join(tmpdir(), 'rxjs-locks-consumer-'));
  try {
    await trial(folder);
  } catch (error) {
    console.error(error.stdout ?? '', error.stderr ?? '', error.message);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tarball, and how many files are in it. It packs what was built last. */
export function pack(folder) {
  const [{ filename, files }] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder]));
  return { filename, tarball: join(folder, filename), count: files.length };
}

/** Lays out a consumer with rxjs alone beside the package; `rxjs` is the folder of node_modules from which it has it. */
export function layOut(folder, tarball, files, rxjs = 'rxjs') {
  const modules = join(folder, 'node_modules');
  for (const [name, from] of [
    ['rxjs', rxjs],
    ['tslib', 'tslib'],
  ]) {
    cpSync(join(root, 'node_modules', from), join(modules, name), { recursive: true });
  }
  mkdirSync(join(modules, 'rxjs-locks'));
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, 'rxjs-locks')]);
  write(folder, files);
}

export function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
}
