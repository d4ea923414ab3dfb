import { checkOptions } from '../../internal/checks/arguments.js';
import { shown } from '../../internal/checks/shown.js';
import { checkLease, checkName, checkPatience } from '../../internal/remote/index.js';
import type { PostgresOptions } from '../options.js';
import type { SessionTerms } from './session.js';

const optionNames: readonly string[] = ['lease', 'patience', 'key', 'pooler', 'fence'] satisfies (keyof PostgresOptions)[];

/** The name of a table, and of its schema. It is written into a statement as it is, so it must need no quotes. */
const TABLE = /^[a-z_][\w$]*(\.[a-z_][\w$]*)?$/i;

/** Refuses malformed arguments of a constructor, and fills in the defaults. */
export function checked(taker: string, connect: unknown, name: unknown, options: PostgresOptions): SessionTerms {
  if (typeof connect !== 'function') {
    throw new TypeError(`${taker} needs a function that makes a client of pg, but got ${shown(connect)}`);
  }
  checkName(taker, name);
  checkOptions(taker, options, optionNames);
  const { lease = 30_000, patience = 10_000, pooler = 'none', fence = 'clock', key } = options;
  checkLease(lease);
  checkPatience(patience);
  checkKey(key);
  checkPooler(pooler);
  return { lease, patience, key, name, keepsSessions: pooler === 'session', table: tableOf(fence) };
}

function checkKey(key: unknown): void {
  if (key !== undefined && (typeof key !== 'bigint' || BigInt.asIntN(64, key) !== key)) {
    throw new RangeError(`key must be a bigint of 64 bits with a sign, but is ${shown(key)}`);
  }
}

function checkPooler(pooler: unknown): void {
  if (pooler !== 'none' && pooler !== 'session') {
    throw new RangeError(`pooler must be 'none' or 'session', but is ${shown(pooler)}`);
  }
}

function tableOf(fence: unknown): string | undefined {
  if (fence === 'clock') {
    return undefined;
  }
  const { table } = Object(fence) as { readonly table?: unknown };
  if (typeof table !== 'string' || !TABLE.test(table)) {
    throw new RangeError(
      `fence must be 'clock' or { table } with the name of a table that needs no quotes, but is ${shown(fence)}`,
    );
  }
  return table;
}
