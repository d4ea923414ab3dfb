import { skip, type Observable } from 'rxjs';

import {
  acquirer,
  closer,
  observer,
  patience,
  SideObserver,
  sideIn,
  worker,
  type AcquirerOptions,
  type Actor,
} from '../actors.js';
import type { Kit, PermitLike, ReadWriteLockLike } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { closeAll, valueOf } from './scenery.js';

/** To the referee, who writes weighs as much as more readers than there ever are. */
const ALONE = 1000;

type VisitorOptions = Pick<AcquirerOptions, 'until' | 'orGone'>;

/** One who reads. */
export function reader(
  stage: Stage,
  referee: Referee,
  lock: ReadWriteLockLike,
  name: string,
  options: VisitorOptions = {},
): Actor {
  return acquirer(stage, referee, sideIn(lock, lock.read), name, options);
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
  const granted = (given: PermitLike): void => {
    permit = given;
  };
  const actor = acquirer(stage, referee, sideIn(lock, lock.write), name, { ...options, weight: ALONE, granted });
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
  stage.step(
    `${name} downgrades`,
    () => permitOf() !== undefined,
    () => {
      const permit = permitOf();
      if (permit !== undefined) {
        referee.keeps(name, 1);
        kit.downgrade(lock, permit);
      }
    },
    2,
  );
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
        worker(stage, referee, 'b', kit.withLock(lock.write, { until: patience(stage, 'b', referee) }), waiting, ALONE),
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
  {
    name: 'ReadWriteLock: who observes its sides',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const lock = kit.readWriteLock();
      const referee = new Referee();
      const viewers = [new SideObserver(stage, lock.read, 'd'), new SideObserver(stage, lock.write, 'e')];
      const actors = [
        writer(stage, kit, referee, lock, 'a'),
        reader(stage, referee, lock, 'b'),
        reader(stage, referee, lock, 'c'),
        ...viewers,
      ];
      const scenery = readWriteLockScenery(lock, referee, actors, ['a acquires', 'b acquires', 'd observes', 'e observes']);
      return {
        ...scenery,
        judgeAtRest: () => viewers.map((viewer) => viewer.judgeAtRest()).find(Boolean) ?? scenery.judgeAtRest?.(),
      };
    },
  },
];
