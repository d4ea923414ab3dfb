import type { Subscriber } from 'rxjs';

import type { LeasedPermit } from '../../index.js';
import { Place, type PlaceOwner } from '../../internal/remote/index.js';
import type { Session } from './session.js';

/** A place in the queue of a process. */
export class PostgresPlace extends Place {
  constructor(
    owner: PlaceOwner,
    private readonly session: Session,
    mustNotWait: boolean,
    subscriber: Subscriber<LeasedPermit | null>,
  ) {
    super(owner, mustNotWait, subscriber);
  }

  enter(): void {
    this.session.enter(this);
  }

  protected forget(): void {
    this.session.forget(this);
  }

  protected return(): void {
    this.session.return(this);
  }
}
