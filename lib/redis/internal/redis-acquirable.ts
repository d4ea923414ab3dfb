import type { Observable, Subscriber } from 'rxjs';

import type { LeasedPermit } from '../../index.js';
import { checkPositive } from '../../internal/checks/arguments.js';
import { shown } from '../../internal/checks/shown.js';
import { ServerAcquirable, type Place } from '../../internal/remote/index.js';
import type { RedisClient } from '../client.js';
import type { RedisOptions } from '../options.js';
import { checked } from './arguments.js';
import { keysOf } from './engine.js';
import { processOf, type RedisProcess } from './process.js';
import { RedisPlace } from './redis-place.js';
import type { SessionTerms } from './session.js';
import { watching, type RedisLockState } from './watch.js';

/** What a lock and a semaphore have in common. A lock is a semaphore of one unit, with keys of its own. */
export abstract class RedisAcquirable extends ServerAcquirable {
  private readonly process: RedisProcess;
  private readonly terms: SessionTerms;
  private readonly kind: string;

  /** @internal */
  protected constructor(
    taker: string,
    { kind, value }: { readonly kind: string; readonly value: number },
    client: RedisClient,
    name: string,
    options: RedisOptions,
  ) {
    super(name);
    const { prefix, ...times } = checked(taker, client, name, options);
    checkPositive(`the value of a ${taker}`, value);
    this.kind = kind;
    this.process = processOf(client, prefix);
    this.terms = { keys: keysOf(prefix, kind, name), value, ...times };
  }

  /**
   * Emits how many permits are held and how many callers wait, over all processes, for a display. It asks the server while it is
   * subscribed to, at once and then every `every` milliseconds, and emits what has changed.
   *
   * It is no `BehaviorSubject`, as the state of a {@link Lock} is: a snapshot is old when it arrives. Never decide by it whether to
   * acquire.
   *
   * @throws RangeError for a malformed period, at the call. {@link UnavailableError} downstream.
   */
  state(every = 1000): Observable<RedisLockState> {
    return watching(this.process, this.terms, every, this.toString());
  }

  toString(): string {
    return `redis ${this.kind} ${shown(this.name)}`;
  }

  protected placeOf(weight: number, mustNotWait: boolean, subscriber: Subscriber<LeasedPermit | null>): Place {
    const label = `${String(this.process.nextNumber())}:${String(weight)}`;
    return new RedisPlace(this.owner, this.process.session(this.terms), label, mustNotWait, subscriber);
  }

  protected rest(): void {
    this.process.rest();
  }
}
