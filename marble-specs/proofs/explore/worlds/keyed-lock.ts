import { skip } from 'rxjs';

import { acquirer, closer, observer, patience, SideObserver, sideIn, type Acquired, type Actor } from '../actors.js';
import type { Kit, KeyedLockLike } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { closeAll, valueOf } from './scenery.js';

/** Some keys of a lock, as one acquires them. */
export function keysOf(locks: KeyedLockLike, ...keys: readonly string[]): Acquired {
  const [first = '', ...others] = keys;
  return sideIn(locks, others.length === 0 ? locks.get(first) : locks.all(keys));
}

/** A referee at each key. One who comes for several keys is judged by all of theirs. */
export class KeyReferees {
  private readonly referees: ReadonlyMap<string, Referee>;

  constructor(private readonly keys: readonly string[]) {
    this.referees = new Map(keys.map((key) => [key, new Referee()]));
  }

  of(...keys: readonly string[]): Referee {
    return new Judges(keys.map((key) => this.at(key)));
  }

  at(key: string): Referee {
    const referee = this.referees.get(key);
    if (referee === undefined) {
      throw new Error(`there is no key ${key}`);
    }
    return referee;
  }

  judge(): string | undefined {
    return this.judgeInside() ?? this.keys.map((key) => this.at(key).wrong).find(Boolean);
  }

  /** Judges who is inside, and not in which order they came. */
  judgeInside(): string | undefined {
    const crowded = this.keys.find((key) => this.at(key).held > 1);
    return crowded === undefined ? undefined : `two are inside at ${crowded}`;
  }
}

class Judges extends Referee {
  constructor(private readonly referees: readonly Referee[]) {
    super();
  }

  /** Who has been promised a key and not been told yet has it all the same, so that nobody ever goes before another. */
  override comes(name: string, weight: number): void {
    this.referees.forEach((referee) => {
      referee.comes(name, weight, 1);
    });
  }

  override goes(name: string): void {
    this.referees.forEach((referee) => {
      referee.goes(name);
    });
  }

  override enters(name: string): void {
    this.referees.forEach((referee) => {
      referee.enters(name);
    });
  }

  override exits(name: string): void {
    this.referees.forEach((referee) => {
      referee.exits(name);
    });
  }
}

/** What one who looks at a keyed lock sees, and what must be true of it. */
export function keyedLockScenery(
  locks: KeyedLockLike,
  keys: readonly string[],
  referees: KeyReferees,
  actors: readonly Actor[],
  prelude: readonly string[],
): Scenery {
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
      locks.waiting > 0 || keys.some((key) => locks.get(key).locked()) ? 'somebody was left behind' : undefined,
  };
}

export const keyedLockWorlds: readonly World[] = [
  {
    name: 'KeyedLock: two keys, who wants both, and who comes for one of them after that',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const locks = kit.keyedLock();
      const referees = new KeyReferees(['x', 'y']);
      const actors = [
        acquirer(stage, referees.of('x'), keysOf(locks, 'x'), 'a'),
        acquirer(stage, referees.of('y', 'x'), keysOf(locks, 'y', 'x'), 'b', { orGone: true }),
        acquirer(stage, referees.of('y'), keysOf(locks, 'y'), 'c', { until: locks.pipe(skip(1)) }),
        observer(stage, locks, 'd'),
      ];
      return keyedLockScenery(locks, ['x', 'y'], referees, actors, []);
    },
  },
  {
    name: 'KeyedLock: those who want two keys in opposing orders, and those behind them',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const locks = kit.keyedLock();
      const referees = new KeyReferees(['x', 'y']);
      const actors = [
        acquirer(stage, referees.of('x', 'y'), keysOf(locks, 'x', 'y'), 'a'),
        acquirer(stage, referees.of('y'), keysOf(locks, 'y'), 'b'),
        acquirer(stage, referees.of('x'), keysOf(locks, 'x'), 'c', { until: patience(stage, 'c') }),
        acquirer(stage, referees.of('y', 'x'), keysOf(locks, 'y', 'x'), 'd'),
        observer(stage, locks, 'e'),
      ];
      const prelude = ['a acquires', 'b acquires', 'c acquires', 'd acquires', 'e observes'];
      return keyedLockScenery(locks, ['x', 'y'], referees, actors, prelude);
    },
  },
  {
    name: 'KeyedLock: a ring of three keys, with room for three in line, while it is closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
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
        ...keyedLockScenery(locks, keys, referees, actors, ['a acquires', 'b acquires', 'd acquires']),
        // Who is sent away together hears it one after another, and others can come before the last of them knows.
        judge: () => referees.judgeInside(),
      };
    },
  },
  {
    name: 'KeyedLock: who observes one of two keys, while it is closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const locks = kit.keyedLock();
      const referees = new KeyReferees(['x', 'y']);
      const viewer = new SideObserver(stage, locks.get('y'), 'd');
      const actors = [
        acquirer(stage, referees.of('x'), keysOf(locks, 'x'), 'a'),
        acquirer(stage, referees.of('y', 'x'), keysOf(locks, 'y', 'x'), 'b'),
        acquirer(stage, referees.of('y'), keysOf(locks, 'y'), 'c'),
        viewer,
      ];
      closer(stage, locks);
      const scenery = keyedLockScenery(locks, ['x', 'y'], referees, actors, ['a acquires', 'b acquires']);
      return {
        ...scenery,
        judge: () => referees.judgeInside(),
        judgeAtRest: () => viewer.judgeAtRest() ?? scenery.judgeAtRest?.(),
      };
    },
  },
];
