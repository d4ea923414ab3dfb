import { checkOptions } from '../../internal/checks/arguments.js';
import { shown } from '../../internal/checks/shown.js';
import type { RedisOptions } from '../options.js';
import { checkClient } from './engine.js';

const optionNames: readonly string[] = ['lease', 'poll', 'patience', 'prefix'] satisfies (keyof RedisOptions)[];
const LONGEST_LEASE = 12 * 60 * 60 * 1000;

/** Refuses malformed arguments of a constructor, and fills in the defaults. */
export function checked(taker: string, client: unknown, name: unknown, options: RedisOptions): Required<RedisOptions> {
  checkClient(taker, client);
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`the name of a ${taker} must be a string that is not empty, but is ${shown(name)}`);
  }
  checkOptions(taker, options, optionNames);
  const { lease = 30_000, poll = 1000, patience = 10_000, prefix = 'rxjs-locks:' } = options;
  if (!Number.isSafeInteger(lease) || lease < 100 || lease > LONGEST_LEASE) {
    throw new RangeError(`lease must be an integer from 100 to ${String(LONGEST_LEASE)} milliseconds, but is ${shown(lease)}`);
  }
  checkTime('poll', poll, 10);
  if (patience !== Infinity) {
    checkTime('patience', patience, 0);
  }
  checkPrefix(prefix);
  return { lease, poll: Math.floor(Math.min(poll, lease / 3)), patience, prefix };
}

function checkTime(what: string, time: unknown, least: number): void {
  if (typeof time !== 'number' || !Number.isFinite(time) || time < least) {
    throw new RangeError(`${what} must be at least ${String(least)} milliseconds, but is ${shown(time)}`);
  }
}

/** Braces would be taken for those around the name, which keep the keys of a name in one slot of a cluster. */
function checkPrefix(prefix: unknown): void {
  if (typeof prefix !== 'string') {
    throw new TypeError(`prefix must be a string, but is ${shown(prefix)}`);
  }
  if (/[{}]/.test(prefix)) {
    throw new RangeError(`prefix must have no braces, but is ${shown(prefix)}`);
  }
}
