// Finds the servers for the specs with servers: redis-server, the one that REDIS_SERVER names or the one on PATH, PostgreSQL and pgbouncer.
// Installs what is missing: on Debian and Ubuntu as root or by sudo without a password, on macOS by Homebrew.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Distributions that can have several versions of PostgreSQL keep them out of PATH. */
const versions = '/usr/lib/postgresql';
const ofVersions = () => (existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, 'bin')) : []);

const runs = (program) => {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
};

const isThere = {
  'redis-server': () => runs(process.env.REDIS_SERVER ?? 'redis-server') !== undefined,
  postgresql: () => [...ofVersions(), ''].some((folder) => runs(join(folder, 'initdb')) && runs(join(folder, 'postgres'))),
  pgbouncer: () => ['/usr/sbin/pgbouncer', 'pgbouncer'].some(runs),
};

const missing = () => Object.keys(isThere).filter((name) => !isThere[name]());

/** Whether a command runs without an error. */
const succeeds = (program, ...args) => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The commands that install packages without a question, or none. */
function installing(packages) {
  if (existsSync('/etc/debian_version')) {
    const root = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
    if (root.length > 0 && !succeeds('sudo', '-n', 'true')) {
      return [];
    }
    const apt = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
    return [
      [...apt, 'update'],
      [...apt, 'install', '-y', '--no-install-recommends', ...packages],
    ];
  }
  if (process.platform === 'darwin' && succeeds('brew', '--version')) {
    return [['brew', 'install', ...packages.map((name) => (name === 'redis-server' ? 'redis' : name))]];
  }
  return [];
}

/** Fails if a server is missing and cannot be installed. */
export function findServers() {
  if (missing().length > 0) {
    installing(missing()).every(([program, ...args]) => succeeds(program, ...args));
  }
  if (missing().length > 0) {
    throw new Error(
      `the specs with servers lack ${missing().join(', ')}. They need redis-server 6.2 or later on PATH, or its path in REDIS_SERVER, ` +
        'initdb and postgres 14 or later, and pgbouncer: apt-get install redis-server postgresql pgbouncer, or ' +
        'brew install redis postgresql pgbouncer',
    );
  }
}
