import { closer, type Actor } from '../actors.js';
import type { AcquirableLike, EventLike, PrimitiveLike, SemaphoreLike } from '../kit.js';
import type { Referee } from '../referee.js';
import type { Setup, Stage } from '../stage.js';

/** The value of a primitive, or the error with which it was closed. */
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

/** What an observer can read of a lock, and what must be true of it. */
export function lockSetup(
  lock: AcquirableLike,
  referee: Referee,
  actors: readonly Actor[],
  prelude: readonly string[] = [],
): Setup {
  return {
    prelude,
    look: () => `${valueOf(lock)} ${String(lock.locked())} ${String(lock.waiting)}`,
    judge: () => {
      if (referee.held > 1) {
        return 'there are two holders';
      }
      if (!lock.locked() && (lock.waiting > 0 || referee.held > 0)) {
        return 'it is free, and has a waiter or a holder';
      }
      return referee.wrong;
    },
    judgeAtRest: () =>
      lock.locked() !== referee.held > 0 || lock.waiting !== referee.waiting
        ? `${String(referee.held)} units are held, and ${String(referee.waiting)} waiters are queued`
        : undefined,
    close: closeAll(actors),
    judgeAtTheEnd: () => (lock.locked() || lock.waiting > 0 ? 'a waiter or a holder is left' : undefined),
  };
}

/**
 * What an observer can read of a semaphore, and what must be true of it.
 *
 * @param total - how many units there should be by now; undefined if it is unknown.
 */
export function semaphoreSetup(
  semaphore: SemaphoreLike,
  total: () => number | undefined,
  referee: Referee,
  actors: readonly Actor[],
  prelude: readonly string[] = [],
): Setup {
  return {
    prelude,
    look: () => `${valueOf(semaphore)} ${String(semaphore.locked())} ${String(semaphore.waiting)}`,
    judge: () => {
      const units = total();
      if (units !== undefined && semaphore.available + referee.held > Math.max(units, referee.held)) {
        return `of ${String(units)} units, ${String(semaphore.available)} are free and ${String(referee.held)} are held`;
      }
      return referee.wrong;
    },
    judgeAtRest: () => {
      const units = total();
      if (units !== undefined && semaphore.available + referee.held !== Math.max(units, referee.held)) {
        return `of ${String(units)} units, ${String(semaphore.available)} are free and ${String(referee.held)} are held`;
      }
      if (semaphore.waiting !== referee.waiting || (referee.wanted ?? Infinity) <= semaphore.available) {
        return `${String(referee.waiting)} waiters are queued, the head with a weight of ${String(referee.wanted)}`;
      }
      return undefined;
    },
    close: closeAll(actors),
    judgeAtTheEnd: () => {
      const units = total() ?? semaphore.available;
      return semaphore.waiting > 0 || semaphore.available !== units ? 'a waiter is left, or a unit is lost' : undefined;
    },
  };
}

/** The steps of an event, what an observer can read of it, and what must be true of it. */
export function eventSetup(stage: Stage, event: EventLike, actors: readonly Actor[], prelude: readonly string[]): Setup {
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
    judge: () => (event.isSet() && event.waiting > 0 ? 'it is set, and has a waiter' : undefined),
    close: closeAll(actors),
    judgeAtTheEnd: () => (event.waiting > 0 ? 'a waiter or a holder is left' : undefined),
  };
}
