import type { Subscriber } from 'rxjs';

import type { LeasedPermit } from '../../index.js';
import { Place, type PlaceHome, type PlaceOwner } from '../../internal/remote/index.js';

/** A place in the queue at Redis. */
export class RedisPlace extends Place {
  /** When the server has said last that it waits: when that was asked, and the last token of then. A grant is newer. */
  waitsSince: { readonly sentAt: number; readonly token: bigint } | undefined = undefined;
  /** A grant of which a message came before the answer to the request that entered the place. */
  hint = 0n;

  constructor(
    owner: PlaceOwner,
    session: PlaceHome,
    /** The number and the weight, as the script has them in an id. */
    readonly label: string,
    mustNotWait: boolean,
    subscriber: Subscriber<LeasedPermit | null>,
  ) {
    super(owner, session, mustNotWait, subscriber);
  }
}
