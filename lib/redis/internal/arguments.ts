import { checkOptions } from '../../internal/checks/arguments.js';
import { shown } from '../../internal/checks/shown.js';
import { checkLease, checkName, checkPatience, checkTimeAtLeast } from '../../internal/remote/index.js';
import type { RedisOptions } from '../options.js';
import { checkClient } from './engine.js';

const optionNames: readonly string[] = ['lease', 'poll', 'patience', 'prefix'] satisfies (keyof RedisOptions)[];

/** Refuses malformed arguments of a constructor, and fills in the defaults. */
export function checked(taker: string, client: unknown, name: unknown, options: RedisOptions): Required<RedisOptions> {
  checkClient(taker, client);
  checkName(taker, name);
  checkOptions(taker, options, optionNames);
  const { lease = 30_000, poll = 1000, patience = 10_000, prefix = 'rxjs-locks:' } = options;
  checkLease(lease);
  checkTimeAtLeast('poll', poll, 10);
  checkPatience(patience);
  checkPrefix(prefix);
  return { lease, poll: Math.floor(Math.min(poll, lease / 3)), patience, prefix };
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
