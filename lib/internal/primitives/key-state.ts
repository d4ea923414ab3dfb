import { Observable } from 'rxjs';

import type { LockState } from '../../lock.js';
import type { KeyQueues, ObservedKeys } from '../queue/key-queues.js';
import type { Waiter } from '../waiting/waiter.js';
import type { SidedPrimitive, SideView } from './side.js';
import { StatefulSubject } from './stateful-subject.js';

/** The observable part of some keys. It allocates a state only when it is subscribed to. */
export class KeyView<K> implements SideView {
  // Private at run time, as in the keyed lock: a store that freezes a side must not freeze the queues.
  readonly #queues: KeyQueues<K, Waiter>;

  constructor(
    private readonly locks: SidedPrimitive,
    queues: KeyQueues<K, Waiter>,
    private readonly keys: readonly K[],
  ) {
    this.#queues = queues;
  }

  get waiting(): number {
    return this.#queues.waitingFor(this.keys);
  }

  states(): Observable<LockState> {
    const { locks, keys } = this;
    const queues = this.#queues;
    return new Observable((subscriber) => {
      if (!locks.notifyIfClosed(subscriber)) {
        const state = new KeyState(queues, keys);
        subscriber.add(queues.observe(state));
        state.subscribe(subscriber);
      }
    });
  }
}

/** The state of some keys, as one subscriber sees it. */
class KeyState<K> extends StatefulSubject<LockState> implements ObservedKeys<K> {
  waitingNow: number;
  readonly #queues: KeyQueues<K, Waiter>;

  constructor(
    queues: KeyQueues<K, Waiter>,
    readonly keys: readonly K[],
  ) {
    const waiting = queues.waitingFor(keys);
    super({ locked: !queues.areFree(keys), waiting });
    this.#queues = queues;
    this.waitingNow = waiting;
  }

  protected kind(): string {
    // Stryker disable next-line StringLiteral: no message names it
    return 'key';
  }

  protected snapshot(last: LockState): LockState {
    const locked = !this.#queues.areFree(this.keys);
    const { waitingNow: waiting } = this;
    return last.locked === locked && last.waiting === waiting ? last : { locked, waiting };
  }
}
