import { NEVER, skip, takeUntil, type Observable } from 'rxjs';

import { closer, Listener, observer, patience, worker, type Actor } from '../actors.js';
import type { Kit, PermitLike, ReadWriteLockLike } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { closeAll, valueOf } from './scenery.js';

/** To the referee, who writes weighs as much as more readers than there ever are. */
const ALONE = 1000;

interface VisitorOptions {
  /** What it stops at. */
  readonly until?: Observable<unknown>;
  /** Whether it can also come as one who has gone already. */
  readonly orGone?: boolean;
}

function visitor(
  stage: Stage,
  referee: Referee,
  lock: ReadWriteLockLike,
  name: string,
  isWriter: boolean,
  { until = NEVER, orGone = false }: VisitorOptions,
  granted: (permit: PermitLike) => void,
): Actor {
  const listener = new Listener<PermitLike>(stage, name, () => {
    referee.goes(name);
  });
  let permit: PermitLike | undefined;
  const side = isWriter ? lock.write : lock.read;
  const come = (isGone: boolean): void => {
    referee.comes(name, isWriter ? ALONE : 1, lock.waiting);
    const enter = (given: PermitLike): string => {
      permit = given;
      granted(given);
      referee.enters(name);
      return 'permit';
    };
    listener.listen(until === NEVER ? side.acquire() : side.acquire().pipe(takeUntil(until)), enter, isGone);
  };
  const giveBack = (): void => {
    referee.exits(name);
    permit?.release();
  };
  stage.step(`${name} acquires`, () => listener.isNew, () => {
    come(false);
  });
  if (orGone) {
    stage.step(`${name} acquires, and has gone`, () => listener.isNew, () => {
      come(true);
    });
  }
  stage.step(`${name} releases`, () => permit !== undefined, giveBack, 2);
  listener.canLeave();
  return {
    close: () => {
      listener.close();
      giveBack();
    },
  };
}

/** One who reads. */
export function reader(stage: Stage, referee: Referee, lock: ReadWriteLockLike, name: string, options: VisitorOptions = {}): Actor {
  return visitor(stage, referee, lock, name, false, options, () => undefined);
}

/** One who writes, and can then go on as a reader. */
export function writer(
  stage: Stage,
  kit: Kit,
  referee: Referee,
  lock: ReadWriteLockLike,
  name: string,
  options: VisitorOptions = {},
): Actor {
  let permit: PermitLike | undefined;
  const actor = visitor(stage, referee, lock, name, true, options, (given) => {
    permit = given;
  });
  downgrading(stage, kit, referee, lock, name, () => permit);
  return actor;
}

/** Adds the step in which one who writes goes on as a reader, also once it has released. */
function downgrading(
  stage: Stage,
  kit: Kit,
  referee: Referee,
  lock: ReadWriteLockLike,
  name: string,
  permitOf: () => PermitLike | undefined,
): void {
  stage.step(`${name} downgrades`, () => permitOf() !== undefined, () => {
    const permit = permitOf();
    if (permit !== undefined) {
      referee.keeps(name, 1);
      kit.downgrade(lock, permit);
    }
  }, 2);
}

/** What one who looks at a read-write lock sees, and what must be true of it. */
export function readWriteLockScenery(
  lock: ReadWriteLockLike,
  referee: Referee,
  actors: readonly Actor[],
  prelude: readonly string[] = [],
): Scenery {
  const { read, write } = lock;
  return {
    prelude,
    look: () => `${valueOf(lock)} ${String(read.locked())} ${String(write.locked())} ${String(lock.waiting)}`,
    judge: () => {
      if (referee.held > ALONE) {
        return 'somebody writes, and is not alone';
      }
      if (!write.locked() && (lock.waiting > 0 || referee.held > 0)) {
        return 'it is free, and somebody waits or is inside';
      }
      return referee.wrong;
    },
    judgeAtRest: () => {
      const { held, waiting, wanted = Infinity } = referee;
      const isRight =
        write.locked() === held > 0 && read.locked() === (held === ALONE || waiting > 0) && lock.waiting === waiting;
      return isRight && held + wanted > ALONE ? undefined : `${String(held)} are inside and ${String(waiting)} wait`;
    },
    close: closeAll(actors),
    judgeAtTheEnd: () => (write.locked() || lock.waiting > 0 ? 'somebody was left behind' : undefined),
  };
}

export const readWriteLockWorlds: readonly World[] = [
  {
    name: 'ReadWriteLock: readers and a writer, one until the state changes, one who has gone already',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.readWriteLock();
      const referee = new Referee();
      const actors = [
        reader(stage, referee, lock, 'a'),
        writer(stage, kit, referee, lock, 'b', { orGone: true }),
        reader(stage, referee, lock, 'c', { until: lock.pipe(skip(1)) }),
        observer(stage, lock, 'd'),
      ];
      return readWriteLockScenery(lock, referee, actors);
    },
  },
  {
    name: 'ReadWriteLock: readers behind a writer who can be stopped, behind a reader',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.readWriteLock();
      const referee = new Referee();
      const actors = [
        reader(stage, referee, lock, 'a'),
        writer(stage, kit, referee, lock, 'b', { until: patience(stage, 'b') }),
        reader(stage, referee, lock, 'c'),
        reader(stage, referee, lock, 'd'),
        observer(stage, lock, 'e'),
      ];
      return readWriteLockScenery(lock, referee, actors, ['a acquires', 'b acquires', 'c acquires', 'd acquires']);
    },
  },
  {
    name: 'ReadWriteLock: a writer who downgrades before a reader and a writer, while it is closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.readWriteLock({ maxWaiting: 2 });
      const referee = new Referee();
      const actors = [
        writer(stage, kit, referee, lock, 'a'),
        reader(stage, referee, lock, 'b'),
        writer(stage, kit, referee, lock, 'c'),
        reader(stage, referee, lock, 'd'),
        observer(stage, lock, 'e'),
      ];
      closer(stage, lock);
      return readWriteLockScenery(lock, referee, actors, ['a acquires', 'b acquires', 'c acquires']);
    },
  },
  {
    name: 'ReadWriteLock: works that read and write, and one who does not wait',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.readWriteLock();
      const referee = new Referee();
      const waiting = (): number => lock.waiting;
      const actors = [
        worker(stage, referee, 'a', kit.withLock(lock.read), waiting),
        worker(stage, referee, 'b', kit.withLock(lock.write, { until: patience(stage, 'b') }), waiting, ALONE),
        worker(stage, referee, 'c', kit.withLock(lock.read, { whenBusy: 'skip' }), waiting),
        writer(stage, kit, referee, lock, 'd'),
      ];
      return readWriteLockScenery(lock, referee, actors, ['a comes']);
    },
  },
  {
    name: 'ReadWriteLock: a work that writes and then reads, before a work that reads and one that writes',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.readWriteLock();
      const referee = new Referee();
      const waiting = (): number => lock.waiting;
      let permit: PermitLike | undefined;
      const writing = (source: Observable<string>): Observable<string> =>
        kit.use(lock.write, (given) => {
          permit = given;
          return source;
        });
      const actors = [
        worker(stage, referee, 'a', writing, waiting, ALONE),
        worker(stage, referee, 'b', kit.withLock(lock.read), waiting),
        worker(stage, referee, 'c', kit.withLock(lock.write), waiting, ALONE),
        observer(stage, lock, 'd'),
      ];
      downgrading(stage, kit, referee, lock, 'a', () => permit);
      return readWriteLockScenery(lock, referee, actors, ['a comes', 'b comes', 'c comes']);
    },
  },
];
