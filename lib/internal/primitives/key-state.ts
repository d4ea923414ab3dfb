import { Observable } from 'rxjs';

import type { KeyedLock } from '../../keyed-lock.js';
import type { LockState } from '../../lock.js';
import type { Shown } from '../queue/key-queues.js';
import type { SideView } from './side.js';
import { StatefulSubject } from './stateful-subject.js';

/** The observable part of some keys. It allocates a state only when it is subscribed to. */
export class KeyView<K> implements SideView {
  constructor(
    private readonly locks: KeyedLock<K>,
    private readonly keys: readonly K[],
  ) {}

  get waiting(): number {
    return this.locks.lines.waitingFor(this.keys);
  }

  states(): Observable<LockState> {
    const { locks, keys } = this;
    return new Observable((subscriber) => {
      if (!locks.tellEnd(subscriber)) {
        const state = new KeyState(locks, keys);
        subscriber.add(locks.lines.show(state));
        state.subscribe(subscriber);
      }
    });
  }
}

/** The state of some keys, as one subscriber sees it. */
export class KeyState<K> extends StatefulSubject<LockState> implements Shown<K> {
  inLine: number;

  constructor(
    private readonly locks: KeyedLock<K>,
    readonly keys: readonly K[],
  ) {
    const inLine = locks.lines.waitingFor(keys);
    super({ locked: !locks.lines.areFree(keys), waiting: inLine });
    this.inLine = inLine;
  }

  protected kind(): string {
    // Stryker disable next-line StringLiteral: no message names it
    return 'key';
  }

  protected snapshot(last: LockState): LockState {
    const locked = !this.locks.lines.areFree(this.keys);
    const { inLine: waiting } = this;
    return last.locked === locked && last.waiting === waiting ? last : { locked, waiting };
  }

  /** Admits no waiter: all waiters stand in the queues of the keyed lock. */
  protected admit(): undefined {
    return undefined;
  }
}
