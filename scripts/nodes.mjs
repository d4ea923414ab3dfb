// Fetches a Node of an exact version from the npm registry, where each platform's binary is a package, and keeps it in node_modules/.cache.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { npm, root, run } from './consumer.mjs';

const windows = process.platform === 'win32';
const platform = windows ? 'win' : process.platform;

/** The newest Node of each line that is supported. */
export const newestNodes = ['20.20.2', '22.23.3', '24.21.0'];

/** The path of the binary; throws an Error that says what could not be fetched, and why. */
export function findNode(version) {
  if (process.versions.node === version) return process.execPath;
  const name = `node-${platform}-${process.arch}`;
  const home = join(root, 'node_modules/.cache', `node-${version}`);
  if (!existsSync(home)) fetchTo(home, `${name}@${version}`);
  const binary = join(home, 'bin', windows ? 'node.exe' : 'node');
  const printed = run(binary, ['--version']).trim();
  if (printed !== `v${version}`) throw new Error(`${binary} is Node ${printed}, not ${version}: remove ${home}`);
  return binary;
}

/** Unpacks to a folder beside `home` and renames it, so that a fetch that is broken off leaves nothing half done. */
function fetchTo(home, spec) {
  const staging = `${home}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  try {
    const patience = ['--fetch-retries', '1', '--fetch-timeout', '60000'];
    const [{ filename }] = JSON.parse(npm(['pack', spec, '--json', ...patience, '--pack-destination', staging]));
    run('tar', ['-xzf', filename], staging);
    renameSync(join(staging, 'package'), home);
  } catch (error) {
    throw new Error(`cannot fetch ${spec} from the npm registry\n${error.stderr ?? error.message}`, { cause: error });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
