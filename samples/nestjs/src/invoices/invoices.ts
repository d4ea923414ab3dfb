import { setTimeout } from 'node:timers/promises';

import { Injectable, Logger } from '@nestjs/common';
import { LockLostError, type LeasedPermit } from 'rxjs-locks';

import { RedisConnection } from '../redis-connection.js';

/** Redis refuses a token below the greatest one that it has seen: a holder that is late cannot write. */
const writeFenced = `
  local seen = tonumber(redis.call('HGET', KEYS[1], 'fence') or 0)
  if tonumber(ARGV[1]) < seen then return 0 end
  redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'last', ARGV[2])
  return 1`;

/** Numbers without gaps. It reads, works and writes: two at a time would give the same number. */
@Injectable()
export class Invoices {
  private readonly logger = new Logger('Invoices');

  constructor(private readonly client: RedisConnection) {}

  async last(series: string): Promise<number> {
    return Number(await this.client.hget(series, 'last'));
  }

  /** Gives an invoice the next number. Its document takes so many milliseconds. */
  async add(series: string, takes: number, { token, signal }: LeasedPermit): Promise<number> {
    const number = (await this.last(series)) + 1;
    await setTimeout(takes, undefined, { signal });
    const isWritten = await this.client.eval(writeFenced, 1, series, String(token), number);
    if (isWritten === 0) throw new LockLostError(`${series} was written by a later holder`);
    this.logger.log(`${series} has ${String(number)} invoices`);
    return number;
  }
}
