import { defaultIfEmpty, defer, mergeMap, NEVER, takeUntil, type Observable } from 'rxjs';

import { acquirer, closer, observer, timeLimit, taskRunner, ControlledTask, Listener, type Actor } from '../actors.js';
import type { AcquirableLike, ConditionLike, Kit, WithConditionOptionsLike } from '../kit.js';
import { Referee } from '../referee.js';
import type { Setup, Stage, World } from '../stage.js';
import { closeAll, valueOf } from './setups.js';

export function conditionSetup(
  condition: ConditionLike<AcquirableLike>,
  referee: Referee,
  actors: readonly Actor[],
  prelude: readonly string[],
): Setup {
  const { lock } = condition;
  return {
    prelude,
    look: () => `${valueOf(condition)} ${valueOf(lock)} ${String(condition.locked())}`,
    judge: () => {
      // After a `release()` of the lock, its former holders may not have received their error yet.
      const held = referee.releases > 0 ? 0 : referee.held;
      if (held > 1) {
        return 'there are two holders';
      }
      return !lock.locked() && (lock.waiting > 0 || held > 0) ? 'the lock is free, and has a waiter or a holder' : undefined;
    },
    close: closeAll(actors),
    judgeAtTheEnd: () =>
      lock.locked() || lock.waiting > 0 || condition.waiting > 0 ? 'a waiter or a holder is left' : undefined,
  };
}

export interface ConditionWaiterOptions {
  /** When this emits, the actor continues without a notification. */
  readonly until?: Observable<void>;
  /** When this emits, the actor unsubscribes from the wait, and starts its task without the lock. */
  readonly leaveWait?: Observable<void>;
  readonly predicate?: () => boolean;
}

/** Acquires the lock, waits for the condition, and then runs its task. */
export function conditionWaiter(
  stage: Stage,
  kit: Kit,
  condition: ConditionLike<AcquirableLike>,
  referee: Referee,
  name: string,
  { until = NEVER, leaveWait = NEVER, predicate }: ConditionWaiterOptions,
): Actor {
  const listener = new Listener<string>(stage, name);
  const { source } = new ControlledTask(stage, referee, name, {}, true);
  const section = kit.use(condition, (permit) => {
    const options = { permit, until };
    const wait = predicate === undefined ? condition.wait(options) : condition.waitFor(predicate, options);
    return defer(() => {
      stage.callback(`${name}: waits`);
      return wait;
    }).pipe(
      takeUntil(leaveWait),
      defaultIfEmpty(undefined),
      mergeMap((result) => {
        if (result !== undefined) {
          stage.must(name, 'subscribes', 'it is resumed');
        }
        stage.callback(`${name}: resumed, ${String(result)}`);
        return source;
      }),
    );
  });
  stage.step(
    `${name} subscribes`,
    () => listener.isNew,
    () => {
      listener.subscribeTo(section, (value) => value);
    },
  );
  return listener.canUnsubscribe();
}

/** Adds the steps that notify. They fail unless the lock is held. */
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
    name: 'Condition: two waiters, notified, cancelled, or timed out',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const condition = kit.condition();
      const referee = new Referee();
      const actors = [
        conditionWaiter(stage, kit, condition, referee, 'a', { until: timeLimit(stage, 'a') }),
        conditionWaiter(stage, kit, condition, referee, 'b', { until: timeLimit(stage, 'b') }),
        acquirer(stage, referee, condition.lock, 'c'),
        observer(stage, condition.lock, 'd'),
        observer(stage, condition, 'e'),
      ];
      notifier(stage, condition);
      return conditionSetup(condition, referee, actors, [
        'a subscribes',
        'b subscribes',
        'c acquires',
        'd observes',
        'e observes',
      ]);
    },
  },
  {
    name: 'Condition: two waiters, while it or its lock is closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const condition = kit.condition(kit.lock());
      const referee = new Referee();
      const actors = [
        conditionWaiter(stage, kit, condition, referee, 'a', { until: timeLimit(stage, 'a') }),
        conditionWaiter(stage, kit, condition, referee, 'b', { until: timeLimit(stage, 'b') }),
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
      return conditionSetup(condition, referee, actors, ['a subscribes', 'b subscribes', 'c acquires', 'e observes']);
    },
  },
  {
    name: 'Condition: an actor unsubscribes from its wait, and starts its task without the lock',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const condition = kit.condition();
      const referee = new Referee();
      const actors = [
        conditionWaiter(stage, kit, condition, new Referee(), 'a', { leaveWait: timeLimit(stage, 'a') }),
        conditionWaiter(stage, kit, condition, referee, 'b', {}),
        acquirer(stage, referee, condition.lock, 'c'),
        observer(stage, condition.lock, 'd'),
      ];
      notifier(stage, condition);
      return conditionSetup(condition, referee, actors, ['a subscribes', 'b subscribes', 'c acquires', 'd observes']);
    },
  },
  {
    name: 'Condition: two waiters for a predicate',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const condition = kit.condition();
      const referee = new Referee();
      let isTrue = false;
      const predicate = (name: string) => (): boolean => {
        stage.callback(`${name}: predicate`);
        return isTrue;
      };
      const actors = [
        conditionWaiter(stage, kit, condition, referee, 'a', { until: timeLimit(stage, 'a'), predicate: predicate('a') }),
        conditionWaiter(stage, kit, condition, referee, 'b', { until: timeLimit(stage, 'b'), predicate: predicate('b') }),
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
          referee.allReleased();
          condition.lock.release();
        },
      );
      const prelude = ['a subscribes', 'b subscribes', 'c acquires', 'd observes', 'e observes'];
      return conditionSetup(condition, referee, actors, prelude);
    },
  },
];

export const withConditionWorlds: readonly World[] = [
  {
    name: 'withCondition: one producer and two consumers',
    steps: 5,
    build(stage: Stage, kit: Kit): Setup {
      const condition = kit.condition();
      const referee = new Referee();
      let items = 0;
      const section = (name: string, change: number, options: WithConditionOptionsLike) => (source: Observable<string>) =>
        kit.withCondition(
          condition,
          () => {
            stage.callback(`${name}: predicate`);
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
        taskRunner(stage, referee, 'a', section('a', -1, { notify: 'all' }), waiting),
        taskRunner(stage, referee, 'b', section('b', -1, { notify: 'one', until: timeLimit(stage, 'b', referee) }), waiting),
        taskRunner(stage, referee, 'c', section('c', 1, { notify: 'one' }), waiting),
      ];
      const setup = conditionSetup(condition, referee, actors, ['a subscribes', 'b subscribes', 'c subscribes']);
      return { ...setup, look: () => `${setup.look()} ${String(items)}` };
    },
  },
];
