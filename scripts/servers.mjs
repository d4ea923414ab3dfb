// Finds redis-server for the specs with servers: the one that REDIS_SERVER names, or the one on PATH. On Debian and Ubuntu, root gets it
// from the distribution. Nothing is left out where there is none: then this fails.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const program = process.env.REDIS_SERVER ?? 'redis-server';

const version = () => {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
};

/** Fails where there is no Redis and none can be installed. */
export function findRedis() {
  if (version() === undefined && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'redis-server']]) {
      execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    }
  }
  if (version() === undefined) {
    throw new Error(
      'the specs with servers need redis-server 6.2 or later on PATH, or its path in REDIS_SERVER: ' +
        'apt-get install redis-server, or brew install redis',
    );
  }
}
