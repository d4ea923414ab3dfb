import { skip, type Observable } from 'rxjs';

import {
  acquirer,
  closer,
  observer,
  timeLimit,
  SideObserver,
  sideInQueueOf,
  taskRunner,
  type AcquirerOptions,
  type Actor,
} from '../actors.js';
import type { Kit, PermitLike, ReadWriteLockLike } from '../kit.js';
import { Referee } from '../referee.js';
import type { Setup, Stage, World } from '../stage.js';
import { closeAll, valueOf } from './setups.js';

/** The weight of a writer for the referee: more than that of all readers together. */
const WRITER_WEIGHT = 1000;

type ActorOptions = Pick<AcquirerOptions, 'until' | 'orUnsubscribed'>;

/** Acquires the read side. */
export function reader(stage: Stage, referee: Referee, lock: ReadWriteLockLike, name: string, options: ActorOptions = {}): Actor {
  return acquirer(stage, referee, sideInQueueOf(lock, lock.read), name, options);
}

/** Acquires the write side, and can downgrade its permit. */
export function writer(
  stage: Stage,
  kit: Kit,
  referee: Referee,
  lock: ReadWriteLockLike,
  name: string,
  options: ActorOptions = {},
): Actor {
  let permit: PermitLike | undefined;
  const granted = (given: PermitLike): void => {
    permit = given;
  };
  const actor = acquirer(stage, referee, sideInQueueOf(lock, lock.write), name, { ...options, weight: WRITER_WEIGHT, granted });
  downgrading(stage, kit, referee, lock, name, () => permit);
  return actor;
}

/** Adds the step in which a writer downgrades, also after its release. */
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
        referee.holds(name, 1);
        kit.downgrade(lock, permit);
      }
    },
    2,
  );
}

/** What an observer can read of a read-write lock, and what must be true of it. */
export function readWriteLockSetup(
  lock: ReadWriteLockLike,
  referee: Referee,
  actors: readonly Actor[],
  prelude: readonly string[] = [],
): Setup {
  const { read, write } = lock;
  return {
    prelude,
    look: () => `${valueOf(lock)} ${String(read.locked())} ${String(write.locked())} ${String(lock.waiting)}`,
    judge: () => {
      if (referee.held > WRITER_WEIGHT) {
        return 'a writer is not the only holder';
      }
      if (!write.locked() && (lock.waiting > 0 || referee.held > 0)) {
        return 'it is free, and has a waiter or a holder';
      }
      return referee.wrong;
    },
    judgeAtRest: () => {
      const { held, waiting, wanted = Infinity } = referee;
      const isRight =
        write.locked() === held > 0 && read.locked() === (held === WRITER_WEIGHT || waiting > 0) && lock.waiting === waiting;
      return isRight && held + wanted > WRITER_WEIGHT
        ? undefined
        : `${String(held)} units are held, and ${String(waiting)} waiters are queued`;
    },
    close: closeAll(actors),
    judgeAtTheEnd: () => (write.locked() || lock.waiting > 0 ? 'a waiter or a holder is left' : undefined),
  };
}

export const readWriteLockWorlds: readonly World[] = [
  {
    name: 'ReadWriteLock: two readers, one of which unsubscribes when the state changes, and a writer',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const lock = kit.readWriteLock();
      const referee = new Referee();
      const actors = [
        reader(stage, referee, lock, 'a'),
        writer(stage, kit, referee, lock, 'b', { orUnsubscribed: true }),
        reader(stage, referee, lock, 'c', { until: lock.pipe(skip(1)) }),
        observer(stage, lock, 'd'),
      ];
      return readWriteLockSetup(lock, referee, actors);
    },
  },
  {
    name: 'ReadWriteLock: a reader, a writer with takeUntil, and readers behind it',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const lock = kit.readWriteLock();
      const referee = new Referee();
      const actors = [
        reader(stage, referee, lock, 'a'),
        writer(stage, kit, referee, lock, 'b', { until: timeLimit(stage, 'b') }),
        reader(stage, referee, lock, 'c'),
        reader(stage, referee, lock, 'd'),
        observer(stage, lock, 'e'),
      ];
      return readWriteLockSetup(lock, referee, actors, ['a acquires', 'b acquires', 'c acquires', 'd acquires']);
    },
  },
  {
    name: 'ReadWriteLock: a writer that downgrades, before a reader and a writer, while it is closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
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
      return readWriteLockSetup(lock, referee, actors, ['a acquires', 'b acquires', 'c acquires']);
    },
  },
  {
    name: 'ReadWriteLock: sections that read and write, one of which does not wait',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const lock = kit.readWriteLock();
      const referee = new Referee();
      const waiting = (): number => lock.waiting;
      const actors = [
        taskRunner(stage, referee, 'a', kit.withLock(lock.read), waiting),
        taskRunner(
          stage,
          referee,
          'b',
          kit.withLock(lock.write, { until: timeLimit(stage, 'b', referee) }),
          waiting,
          WRITER_WEIGHT,
        ),
        taskRunner(stage, referee, 'c', kit.withLock(lock.read, { whenBusy: 'skip' }), waiting),
        writer(stage, kit, referee, lock, 'd'),
      ];
      return readWriteLockSetup(lock, referee, actors, ['a subscribes']);
    },
  },
  {
    name: 'ReadWriteLock: a section that downgrades, before a section that reads and one that writes',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
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
        taskRunner(stage, referee, 'a', writing, waiting, WRITER_WEIGHT),
        taskRunner(stage, referee, 'b', kit.withLock(lock.read), waiting),
        taskRunner(stage, referee, 'c', kit.withLock(lock.write), waiting, WRITER_WEIGHT),
        observer(stage, lock, 'd'),
      ];
      downgrading(stage, kit, referee, lock, 'a', () => permit);
      return readWriteLockSetup(lock, referee, actors, ['a subscribes', 'b subscribes', 'c subscribes']);
    },
  },
  {
    name: 'ReadWriteLock: observers of its sides',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const lock = kit.readWriteLock();
      const referee = new Referee();
      const sideObservers = [new SideObserver(stage, lock.read, 'd'), new SideObserver(stage, lock.write, 'e')];
      const actors = [
        writer(stage, kit, referee, lock, 'a'),
        reader(stage, referee, lock, 'b'),
        reader(stage, referee, lock, 'c'),
        ...sideObservers,
      ];
      const setup = readWriteLockSetup(lock, referee, actors, ['a acquires', 'b acquires', 'd observes', 'e observes']);
      return {
        ...setup,
        judgeAtRest: () => sideObservers.map((sideObserver) => sideObserver.judgeAtRest()).find(Boolean) ?? setup.judgeAtRest?.(),
      };
    },
  },
];
