import { skip } from 'rxjs';

import { acquirer, closer, observer, timeLimit, SideObserver, sideInQueueOf, type AcquireTarget, type Actor } from '../actors.js';
import type { Kit, KeyedLockLike } from '../kit.js';
import { Referee } from '../referee.js';
import type { Setup, Stage, World } from '../stage.js';
import { closeAll, valueOf } from './setups.js';

/** Some keys of a lock, to be acquired together. */
export function keysOf(locks: KeyedLockLike, ...keys: readonly string[]): AcquireTarget {
  const [first = '', ...others] = keys;
  return sideInQueueOf(locks, others.length === 0 ? locks.get(first) : locks.all(keys));
}

/** One referee for each key. A waiter for several keys is judged by all of their referees. */
export class KeyReferees {
  private readonly referees: ReadonlyMap<string, Referee>;

  constructor(private readonly keys: readonly string[]) {
    this.referees = new Map(keys.map((key) => [key, new Referee()]));
  }

  of(...keys: readonly string[]): Referee {
    return new RefereeOfAll(keys.map((key) => this.at(key)));
  }

  at(key: string): Referee {
    const referee = this.referees.get(key);
    if (referee === undefined) {
      throw new Error(`there is no key ${key}`);
    }
    return referee;
  }

  judge(): string | undefined {
    return this.judgeHolders() ?? this.keys.map((key) => this.at(key).wrong).find(Boolean);
  }

  /** Judges the holders, and not the order of the waiters. */
  judgeHolders(): string | undefined {
    const shared = this.keys.find((key) => this.at(key).held > 1);
    return shared === undefined ? undefined : `two holders of key ${shared}`;
  }
}

class RefereeOfAll extends Referee {
  constructor(private readonly referees: readonly Referee[]) {
    super();
  }

  /** Counts the queue as not empty: a key whose grant is not delivered yet is held, so no waiter is granted before another. */
  override arrives(name: string, weight: number): void {
    this.referees.forEach((referee) => {
      referee.arrives(name, weight, 1);
    });
  }

  override leaves(name: string): void {
    this.referees.forEach((referee) => {
      referee.leaves(name);
    });
  }

  override granted(name: string): void {
    this.referees.forEach((referee) => {
      referee.granted(name);
    });
  }

  override released(name: string): void {
    this.referees.forEach((referee) => {
      referee.released(name);
    });
  }
}

/** What an observer can read of a keyed lock, and what must be true of it. */
export function keyedLockSetup(
  locks: KeyedLockLike,
  keys: readonly string[],
  referees: KeyReferees,
  actors: readonly Actor[],
  prelude: readonly string[],
): Setup {
  return {
    prelude,
    look: () => `${valueOf(locks)} ${keys.filter((key) => locks.get(key).locked()).join(' ')} ${String(locks.waiting)}`,
    judge: () => referees.judge(),
    judgeAtRest: () => {
      const wrong = keys.find((key) => {
        const { held, waiting } = referees.at(key);
        return locks.get(key).locked() !== held + waiting > 0;
      });
      return wrong === undefined ? undefined : `${wrong} is free and in use`;
    },
    close: closeAll(actors),
    judgeAtTheEnd: () =>
      locks.waiting > 0 || keys.some((key) => locks.get(key).locked()) ? 'a waiter or a holder is left' : undefined,
  };
}

export const keyedLockWorlds: readonly World[] = [
  {
    name: 'KeyedLock: a waiter for two keys between waiters for one of them',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const locks = kit.keyedLock();
      const referees = new KeyReferees(['x', 'y']);
      const actors = [
        acquirer(stage, referees.of('x'), keysOf(locks, 'x'), 'a'),
        acquirer(stage, referees.of('y', 'x'), keysOf(locks, 'y', 'x'), 'b', { orUnsubscribed: true }),
        acquirer(stage, referees.of('y'), keysOf(locks, 'y'), 'c', { until: locks.pipe(skip(1)) }),
        observer(stage, locks, 'd'),
      ];
      return keyedLockSetup(locks, ['x', 'y'], referees, actors, []);
    },
  },
  {
    name: 'KeyedLock: waiters for two keys in opposite orders, and waiters behind them',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const locks = kit.keyedLock();
      const referees = new KeyReferees(['x', 'y']);
      const actors = [
        acquirer(stage, referees.of('x', 'y'), keysOf(locks, 'x', 'y'), 'a'),
        acquirer(stage, referees.of('y'), keysOf(locks, 'y'), 'b'),
        acquirer(stage, referees.of('x'), keysOf(locks, 'x'), 'c', { until: timeLimit(stage, 'c') }),
        acquirer(stage, referees.of('y', 'x'), keysOf(locks, 'y', 'x'), 'd'),
        observer(stage, locks, 'e'),
      ];
      const prelude = ['a acquires', 'b acquires', 'c acquires', 'd acquires', 'e observes'];
      return keyedLockSetup(locks, ['x', 'y'], referees, actors, prelude);
    },
  },
  {
    name: 'KeyedLock: a ring of three keys, with room for three waiters, while it is closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const locks = kit.keyedLock({ maxWaiting: 3 });
      const keys = ['x', 'y', 'z'];
      const referees = new KeyReferees(keys);
      const actors = [
        acquirer(stage, referees.of('x', 'y'), keysOf(locks, 'x', 'y'), 'a'),
        acquirer(stage, referees.of('y', 'z'), keysOf(locks, 'y', 'z'), 'b'),
        acquirer(stage, referees.of('z', 'x'), keysOf(locks, 'z', 'x'), 'c'),
        acquirer(stage, referees.of('z'), keysOf(locks, 'z'), 'd'),
        acquirer(stage, referees.of('y'), keysOf(locks, 'y'), 'e'),
      ];
      closer(stage, locks);
      return {
        ...keyedLockSetup(locks, keys, referees, actors, ['a acquires', 'b acquires', 'd acquires']),
        // Cancelled waiters receive their errors one after another, and others can arrive before the last error.
        judge: () => referees.judgeHolders(),
      };
    },
  },
  {
    name: 'KeyedLock: an observer of one of two keys, while it is closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const locks = kit.keyedLock();
      const referees = new KeyReferees(['x', 'y']);
      const sideObserver = new SideObserver(stage, locks.get('y'), 'd');
      const actors = [
        acquirer(stage, referees.of('x'), keysOf(locks, 'x'), 'a'),
        acquirer(stage, referees.of('y', 'x'), keysOf(locks, 'y', 'x'), 'b'),
        acquirer(stage, referees.of('y'), keysOf(locks, 'y'), 'c'),
        sideObserver,
      ];
      closer(stage, locks);
      const setup = keyedLockSetup(locks, ['x', 'y'], referees, actors, ['a acquires', 'b acquires']);
      return {
        ...setup,
        judge: () => referees.judgeHolders(),
        judgeAtRest: () => sideObserver.judgeAtRest() ?? setup.judgeAtRest?.(),
      };
    },
  },
];
