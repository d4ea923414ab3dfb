import { shown } from '../../internal/checks/shown.js';
import type { RedisClient } from '../client.js';
import { script } from './script.js';

/** The keys of a name. `{…}` is their hash tag: a cluster keeps them in one slot. */
export interface Keys {
  readonly held: string;
  readonly line: string;
  readonly alive: string;
  readonly info: string;
}

/** Braces in a name would end the hash tag too early. */
export function keysOf(prefix: string, kind: string, name: string): Keys {
  const tag = name.replace(/[%{}]/g, (each) => `%${each.charCodeAt(0).toString(16)}`);
  const base = `${prefix}{${tag}}:${kind}`;
  return { held: `${base}:held`, line: `${base}:line`, alive: `${base}:alive`, info: `${base}:info` };
}

let sha1: Promise<string> | undefined;

function sha1OfScript(): Promise<string> {
  return (sha1 ??= crypto.subtle
    .digest('SHA-1', new TextEncoder().encode(script))
    .then((hash) => [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')));
}

/** Runs the script. A server that does not have it yet gets it. */
export async function runScript(client: RedisClient, keys: Keys, args: readonly string[]): Promise<string[]> {
  const names = [keys.held, keys.line, keys.alive, keys.info];
  const known = await sha1OfScript();
  try {
    return texts(await evaluate(client, known, names, args));
  } catch (error) {
    if (/^NOSCRIPT\b/.test((error as Error).message)) {
      return texts(await evaluate(client, undefined, names, args));
    }
    throw error;
  }
}

function evaluate(client: RedisClient, known: string | undefined, keys: string[], args: readonly string[]): Promise<unknown> {
  if ('evalsha' in client) {
    return known === undefined
      ? client.eval(script, keys.length, ...keys, ...args)
      : client.evalsha(known, keys.length, ...keys, ...args);
  }
  const options = { keys, arguments: [...args] };
  return known === undefined ? client.eval(script, options) : client.evalSha(known, options);
}

/** Clients can be set to answer with buffers. */
function texts(reply: unknown): string[] {
  return (reply as unknown[]).map(String);
}

/** Whether a server said no for good. What is not listed can get better by waiting: the network, a failover, a full memory. */
export function isForGood(error: unknown): boolean {
  const { message } = error as Error;
  return (
    !/\b(READONLY|LOADING|CLUSTERDOWN|MASTERDOWN|BUSY|TRYAGAIN|MISCONF|OOM)\b|max number of clients/.test(message) &&
    /^(NOPERM|NOAUTH|WRONGPASS|WRONGTYPE|ERR)\b/.test(message)
  );
}

/** Refuses what is no client. */
export function checkClient(taker: string, client: unknown): asserts client is RedisClient {
  const given = client as Partial<Record<'eval' | 'evalsha' | 'evalSha', unknown>> | null | undefined;
  if (typeof given?.eval !== 'function' || typeof (given.evalsha ?? given.evalSha) !== 'function') {
    throw new TypeError(`${taker} needs a client of ioredis or redis, but got ${shown(client)}`);
  }
}
