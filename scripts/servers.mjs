// Finds the servers for the specs with servers: redis-server, the one that REDIS_SERVER names or the one on PATH, PostgreSQL, the one in
// the folder POSTGRES_BIN or the newest one that is installed, and pgbouncer.
// On Debian and Ubuntu, root gets what lacks from the distribution. Nothing is left out where there is no server: then this fails.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Distributions that can have several versions of PostgreSQL keep them out of PATH. */
const versions = '/usr/lib/postgresql';
const ofVersions = () => (existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, 'bin')) : []);
const { REDIS_SERVER = 'redis-server', POSTGRES_BIN } = process.env;

const runs = (program) => {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
};

const isThere = {
  'redis-server': () => runs(REDIS_SERVER) !== undefined,
  postgresql: () =>
    (POSTGRES_BIN === undefined ? [...ofVersions(), ''] : [POSTGRES_BIN]).some(
      (folder) => runs(join(folder, 'initdb')) && runs(join(folder, 'postgres')),
    ),
  pgbouncer: () => ['/usr/sbin/pgbouncer', 'pgbouncer'].some(runs),
};

const missing = () => Object.keys(isThere).filter((name) => !isThere[name]());

/** Fails where a server lacks and cannot be installed. */
export function findServers() {
  if (missing().length > 0 && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...missing()]]) {
      execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    }
  }
  if (missing().length > 0) {
    throw new Error(
      `the specs with servers lack ${missing().join(', ')}. They need redis-server 6.2 or later on PATH, or its path in REDIS_SERVER, ` +
        'initdb and postgres 14 or later, installed or in the folder POSTGRES_BIN, and pgbouncer: apt-get install redis-server postgresql pgbouncer, or ' +
        'brew install redis postgresql pgbouncer',
    );
  }
}
