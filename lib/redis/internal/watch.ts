import { defer, type Observable } from 'rxjs';

import { UnavailableError } from '../../index.js';
import { checkPositive } from '../../internal/checks/arguments.js';
import { noAnswer, polling, REFUSES, requestLimit } from '../../internal/remote/index.js';
import { isForGood, runScript } from './engine.js';
import type { Process, SessionTerms } from './session.js';

/** What the server says of one name. */
export interface RedisLockState {
  /** How many permits are held. */
  readonly held: number;
  /** How many callers wait. Those of a process that has died count until their turn. */
  readonly waiting: number;
}

export function watching(
  { client, channelPrefix }: Process,
  { keys, value, lease, patience }: SessionTerms,
  period: number,
  owner: string,
): Observable<RedisLockState> {
  checkPositive('the period', period);
  const limit = requestLimit(lease);
  return defer(() => {
    let answeredAt = performance.now();
    return polling(
      period,
      limit,
      () => runScript(client, keys, ['', String(value), '0', 'look', '0', '0', channelPrefix]),
      ([, , , held, waiting]) => {
        answeredAt = performance.now();
        return { held: Number(held), waiting: Number(waiting) };
      },
      (cause = noAnswer(limit)) => {
        const isRefused = isForGood(cause);
        const reason = isRefused ? REFUSES : 'the server does not answer';
        return isRefused || performance.now() >= answeredAt + patience
          ? new UnavailableError(`cannot look at ${owner}: ${reason}`, { cause })
          : undefined;
      },
    );
  });
}
