import { defaultIfEmpty, defer, mergeMap, NEVER, takeUntil, type Observable } from 'rxjs';

import { acquirer, closer, observer, patience, worker, Work, Listener, type Actor } from '../actors.js';
import type { AcquirableLike, ConditionLike, Kit, WithConditionOptionsLike } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { closeAll, valueOf } from './scenery.js';

export function conditionScenery(
  condition: ConditionLike<AcquirableLike>,
  referee: Referee,
  actors: readonly Actor[],
  prelude: readonly string[],
): Scenery {
  const { lock } = condition;
  return {
    prelude,
    look: () => `${valueOf(condition)} ${valueOf(lock)} ${String(condition.locked())}`,
    judge: () => {
      // Whom someone from outside has sent out may not know yet.
      const held = referee.releases > 0 ? 0 : referee.held;
      if (held > 1) {
        return 'two are inside';
      }
      return !lock.locked() && (lock.waiting > 0 || held > 0) ? 'the lock is free, and somebody waits or is inside' : undefined;
    },
    close: closeAll(actors),
    judgeAtTheEnd: () => (lock.locked() || lock.waiting > 0 || condition.waiting > 0 ? 'somebody was left behind' : undefined),
  };
}

export interface SleeperOptions {
  /** When it emits, it goes on without a notification. */
  readonly until?: Observable<void>;
  /** When it emits, it leaves the wait, and goes on all the same. */
  readonly givesUp?: Observable<void>;
  readonly predicate?: () => boolean;
}

/** One who goes in, sleeps there, and does its work once it has been woken. */
export function sleeper(
  stage: Stage,
  kit: Kit,
  condition: ConditionLike<AcquirableLike>,
  referee: Referee,
  name: string,
  { until = NEVER, givesUp = NEVER, predicate }: SleeperOptions,
): Actor {
  const listener = new Listener<string>(stage, name);
  const { source } = new Work(stage, referee, name, {}, true);
  const section = kit.use(condition, (permit) => {
    const options = { permit, until };
    const wait = predicate === undefined ? condition.wait(options) : condition.waitFor(predicate, options);
    return defer(() => {
      stage.heard(`${name}: sleeps`);
      return wait;
    }).pipe(
      takeUntil(givesUp),
      defaultIfEmpty(undefined),
      mergeMap((woken) => {
        if (woken !== undefined) {
          stage.must(name, 'comes', 'it is woken');
        }
        stage.heard(`${name}: woken, ${String(woken)}`);
        return source;
      }),
    );
  });
  stage.step(
    `${name} comes`,
    () => listener.isNew,
    () => {
      listener.listen(section, (value) => value);
    },
  );
  return listener.canLeave();
}

/** Whoever calls them, they need somebody to hold the lock. */
export function notifier(stage: Stage, condition: ConditionLike<AcquirableLike>, times = 2): void {
  stage.step(
    'notify()',
    () => condition.waiting > 0,
    () => {
      condition.notify();
    },
    times,
  );
  stage.step(
    'notifyAll()',
    () => condition.waiting > 0,
    () => {
      condition.notifyAll();
    },
    times / 2,
  );
}

export const conditionWorlds: readonly World[] = [
  {
    name: 'Condition: two sleep, and are notified, cancelled, or out of patience',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const condition = kit.condition();
      const referee = new Referee();
      const actors = [
        sleeper(stage, kit, condition, referee, 'a', { until: patience(stage, 'a') }),
        sleeper(stage, kit, condition, referee, 'b', { until: patience(stage, 'b') }),
        acquirer(stage, referee, condition.lock, 'c'),
        observer(stage, condition.lock, 'd'),
        observer(stage, condition, 'e'),
      ];
      notifier(stage, condition);
      return conditionScenery(condition, referee, actors, ['a comes', 'b comes', 'c acquires', 'd observes', 'e observes']);
    },
  },
  {
    name: 'Condition: two sleep while it, or its lock, is closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const condition = kit.condition(kit.lock());
      const referee = new Referee();
      const actors = [
        sleeper(stage, kit, condition, referee, 'a', { until: patience(stage, 'a') }),
        sleeper(stage, kit, condition, referee, 'b', { until: patience(stage, 'b') }),
        acquirer(stage, referee, condition.lock, 'c'),
        observer(stage, condition, 'e'),
      ];
      notifier(stage, condition);
      closer(stage, condition);
      stage.step(
        'lock.cancelWaiters()',
        () => condition.lock.waiting > 0,
        () => {
          condition.lock.cancelWaiters();
        },
      );
      stage.step(
        'lock.complete()',
        () => true,
        () => {
          condition.lock.complete();
        },
      );
      return conditionScenery(condition, referee, actors, ['a comes', 'b comes', 'c acquires', 'e observes']);
    },
  },
  {
    name: 'Condition: one leaves its wait and goes on, though it is not inside any more',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const condition = kit.condition();
      const referee = new Referee();
      const actors = [
        sleeper(stage, kit, condition, new Referee(), 'a', { givesUp: patience(stage, 'a') }),
        sleeper(stage, kit, condition, referee, 'b', {}),
        acquirer(stage, referee, condition.lock, 'c'),
        observer(stage, condition.lock, 'd'),
      ];
      notifier(stage, condition);
      return conditionScenery(condition, referee, actors, ['a comes', 'b comes', 'c acquires', 'd observes']);
    },
  },
  {
    name: 'Condition: two sleep until something is true',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const condition = kit.condition();
      const referee = new Referee();
      let isTrue = false;
      const predicate = (name: string) => (): boolean => {
        stage.heard(`${name}: looks`);
        return isTrue;
      };
      const actors = [
        sleeper(stage, kit, condition, referee, 'a', { until: patience(stage, 'a'), predicate: predicate('a') }),
        sleeper(stage, kit, condition, referee, 'b', { until: patience(stage, 'b'), predicate: predicate('b') }),
        acquirer(stage, referee, condition.lock, 'c'),
        observer(stage, condition.lock, 'd'),
        observer(stage, condition, 'e'),
      ];
      notifier(stage, condition);
      stage.step(
        'it is true',
        () => !isTrue,
        () => {
          isTrue = true;
        },
      );
      stage.step(
        'release()',
        () => true,
        () => {
          referee.allExit();
          condition.lock.release();
        },
      );
      const prelude = ['a comes', 'b comes', 'c acquires', 'd observes', 'e observes'];
      return conditionScenery(condition, referee, actors, prelude);
    },
  },
];

export const withConditionWorlds: readonly World[] = [
  {
    name: 'withCondition: one puts and two take',
    steps: 5,
    build(stage: Stage, kit: Kit): Scenery {
      const condition = kit.condition();
      const referee = new Referee();
      let items = 0;
      const inside = (name: string, change: number, options: WithConditionOptionsLike) => (source: Observable<string>) =>
        kit.withCondition(
          condition,
          () => {
            stage.heard(`${name}: looks`);
            return items + change >= 0;
          },
          options,
        )(
          defer(() => {
            items += change;
            return source;
          }),
        );
      const waiting = (): number => condition.lock.waiting;
      const actors = [
        worker(stage, referee, 'a', inside('a', -1, { notify: 'all' }), waiting),
        worker(stage, referee, 'b', inside('b', -1, { notify: 'one', until: patience(stage, 'b', referee) }), waiting),
        worker(stage, referee, 'c', inside('c', 1, { notify: 'one' }), waiting),
      ];
      const scenery = conditionScenery(condition, referee, actors, ['a comes', 'b comes', 'c comes']);
      return { ...scenery, look: () => `${scenery.look()} ${String(items)}` };
    },
  },
];
