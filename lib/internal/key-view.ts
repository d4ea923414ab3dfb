import { Observable } from 'rxjs';

import type { KeyedLock } from '../keyed-lock.js';
import type { LockState } from '../lock.js';
import type { SideView } from './side.js';
import { StatefulSubject } from './stateful-subject.js';
import { deliver } from './wake-list.js';

/** What is seen of some keys: nothing is made of it but where somebody subscribes. */
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
      const state = new KeyState(locks, keys);
      subscriber.add(locks.show(state));
      state.subscribe(subscriber);
      deliver(); // of a closed lock, it is closed by now
    });
  }
}

/** The state of some keys, as one subscriber sees it. */
export class KeyState<K> extends StatefulSubject<LockState> {
  constructor(
    private readonly locks: KeyedLock<K>,
    readonly keys: readonly K[],
  ) {
    super(stateOf(locks, keys));
  }

  protected kind(): string {
    return 'key';
  }

  protected snapshot(last: LockState): LockState {
    const state = stateOf(this.locks, this.keys);
    return last.locked === state.locked && last.waiting === state.waiting ? last : state;
  }

  /** Who waits, waits in the lines of the keyed lock. */
  protected admit(): undefined {
    return undefined;
  }
}

function stateOf<K>({ lines }: KeyedLock<K>, keys: readonly K[]): LockState {
  return { locked: !lines.areFree(keys), waiting: lines.waitingFor(keys) };
}
