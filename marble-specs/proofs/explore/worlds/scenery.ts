import { closer, type Actor } from '../actors.js';
import type { AcquirableLike, EventLike, PrimitiveLike, SemaphoreLike } from '../kit.js';
import type { Referee } from '../referee.js';
import type { Scenery, Stage } from '../stage.js';

/** The value of a primitive, or what it was closed with. */
export function valueOf(primitive: PrimitiveLike): string {
  try {
    return JSON.stringify(primitive.value);
  } catch (error) {
    return String(error);
  }
}

export function closeAll(actors: readonly Actor[]): () => void {
  return () => {
    actors.forEach((actor) => {
      actor.close();
    });
  };
}

/** What one who looks at a lock sees, and what must be true of it. */
export function lockScenery(
  lock: AcquirableLike,
  referee: Referee,
  actors: readonly Actor[],
  prelude: readonly string[] = [],
): Scenery {
  return {
    prelude,
    look: () => `${valueOf(lock)} ${String(lock.locked())} ${String(lock.waiting)}`,
    judge: () => {
      if (referee.held > 1) {
        return 'two are inside';
      }
      if (!lock.locked() && (lock.waiting > 0 || referee.held > 0)) {
        return 'it is free, and somebody waits or is inside';
      }
      return referee.wrong;
    },
    judgeAtRest: () =>
      lock.locked() !== referee.held > 0 || lock.waiting !== referee.waiting
        ? `${String(referee.held)} are inside and ${String(referee.waiting)} wait`
        : undefined,
    close: closeAll(actors),
    judgeAtTheEnd: () => (lock.locked() || lock.waiting > 0 ? 'somebody was left behind' : undefined),
  };
}

/**
 * What one who looks at a semaphore sees, and what must be true of it.
 *
 * @param total - how many units there should be by now; undefined once nobody can know.
 */
export function semaphoreScenery(
  semaphore: SemaphoreLike,
  total: () => number | undefined,
  referee: Referee,
  actors: readonly Actor[],
  prelude: readonly string[] = [],
): Scenery {
  return {
    prelude,
    look: () => `${valueOf(semaphore)} ${String(semaphore.locked())} ${String(semaphore.waiting)}`,
    judge: () => {
      const units = total();
      if (units !== undefined && semaphore.available + referee.held > Math.max(units, referee.held)) {
        return `of ${String(units)} units, ${String(semaphore.available)} are free and ${String(referee.held)} inside`;
      }
      return referee.wrong;
    },
    judgeAtRest: () => {
      const units = total();
      if (units !== undefined && semaphore.available + referee.held !== Math.max(units, referee.held)) {
        return `of ${String(units)} units, ${String(semaphore.available)} are free and ${String(referee.held)} inside`;
      }
      if (semaphore.waiting !== referee.waiting || (referee.wanted ?? Infinity) <= semaphore.available) {
        return `${String(referee.waiting)} wait, the first for ${String(referee.wanted)}`;
      }
      return undefined;
    },
    close: closeAll(actors),
    judgeAtTheEnd: () => {
      const units = total() ?? semaphore.available;
      return semaphore.waiting > 0 || semaphore.available !== units ? 'somebody was left behind, or a unit lost' : undefined;
    },
  };
}

/** What is done to an event, what one who looks at it sees, and what must be true of it. */
export function eventScenery(stage: Stage, event: EventLike, actors: readonly Actor[], prelude: readonly string[]): Scenery {
  stage.step(
    'set()',
    () => true,
    () => {
      event.set();
    },
  );
  stage.step(
    'clear()',
    () => true,
    () => {
      event.clear();
    },
  );
  closer(stage, event);
  return {
    prelude,
    look: () => `${valueOf(event)} ${String(event.isSet())} ${String(event.waiting)}`,
    judge: () => (event.isSet() && event.waiting > 0 ? 'it is set, and somebody waits' : undefined),
    close: closeAll(actors),
    judgeAtTheEnd: () => (event.waiting > 0 ? 'somebody was left behind' : undefined),
  };
}
