import { acquirer, observer, patience, resizer, Stream, waiter, worker, workOf, type Actor } from '../actors.js';
import type { Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { all, latest, StreamReferee } from '../stream-referee.js';
import { streamByKey } from './concat-map-by-key.js';
import { conditionScenery, notifier, sleeper } from './condition.js';
import { KeyReferees, keyedLockScenery, keysOf } from './keyed-lock.js';
import { closeAll, eventScenery, lockScenery, semaphoreScenery } from './scenery.js';

/** A world in which to capture a context, or to restore one, is a callback as others are: any step is taken there, or it throws. */
function foreign(what: string, build: (stage: Stage, kit: Kit) => Scenery): World[] {
  return (['capture', 'restore'] as const).map((part) => ({
    name: `${what}, while contexts are ${part}d`,
    steps: 4,
    build: (stage, kit) => ({ ...build(stage, kit), foreign: part }),
  }));
}

const values = ['1', '2', '3'];

/** Small worlds, since there is one more callback in each step. */
export const contextWorlds: readonly World[] = [
  ...foreign('Lock: with room for two in line', (stage, kit) => {
    const lock = kit.lock({ maxWaiting: 2 });
    const referee = new Referee();
    const actors = ['a', 'b', 'c'].map((name) => acquirer(stage, referee, lock, name));
    stage.step(
      'cancelWaiters()',
      () => lock.waiting > 0,
      () => {
        lock.cancelWaiters();
      },
    );
    stage.step(
      'complete()',
      () => true,
      () => {
        lock.complete();
      },
    );
    return lockScenery(lock, referee, actors, ['a acquires', 'b acquires']);
  }),
  ...foreign('BoundedSemaphore(2): it becomes smaller', (stage, kit) => {
    const semaphore = kit.boundedSemaphore(2);
    const referee = new Referee();
    const actors = [
      acquirer(stage, referee, semaphore, 'a'),
      acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
      acquirer(stage, referee, semaphore, 'c'),
    ];
    resizer(stage, semaphore, [1]);
    return semaphoreScenery(semaphore, () => semaphore.bound, referee, actors, ['a acquires']);
  }),
  ...foreign('KeyedLock: one who wants two keys', (stage, kit) => {
    const locks = kit.keyedLock();
    const referees = new KeyReferees(['x', 'y']);
    const actors = [
      acquirer(stage, referees.of('x'), keysOf(locks, 'x'), 'a'),
      acquirer(stage, referees.of('y', 'x'), keysOf(locks, 'y', 'x'), 'b'),
      acquirer(stage, referees.of('y'), keysOf(locks, 'y'), 'c'),
    ];
    return { ...keyedLockScenery(locks, ['x', 'y'], referees, actors, ['a acquires']), judge: () => referees.judgeInside() };
  }),
  ...foreign('withLock: one who waits, with little patience', (stage, kit) => {
    const lock = kit.lock();
    const referee = new Referee();
    const waiting = (): number => lock.waiting;
    referee.sendsAway(); // a context that is broken, too
    const actors = [
      acquirer(stage, referee, lock, 'a'),
      worker(stage, referee, 'b', kit.withLock(lock, { until: patience(stage, 'b', referee) }), waiting),
      observer(stage, lock, 'd'),
    ];
    return lockScenery(lock, referee, actors, ['a acquires']);
  }),
  ...foreign('Condition: one sleeps, and one waits for its lock', (stage, kit) => {
    const condition = kit.condition();
    const referee = new Referee();
    const actors = [
      sleeper(stage, kit, condition, referee, 'a', { until: patience(stage, 'a') }),
      acquirer(stage, referee, condition.lock, 'c'),
    ];
    notifier(stage, condition);
    stage.step(
      'cancelWaiters()',
      () => condition.waiting > 0,
      () => {
        condition.cancelWaiters();
      },
    );
    return conditionScenery(condition, referee, actors, []);
  }),
  ...foreign('Event and gateByEvent: with room for one', (stage, kit) => {
    const event = kit.event();
    const stream = new StreamReferee(stage, 's', all, false);
    const operator = kit.gateByEvent(event, { limit: 1 });
    const actors = [new Stream(stage, stream, values.slice(0, 2), operator, false), waiter(stage, event.wait(), 'a')];
    return {
      ...eventScenery(stage, event, actors, ['s comes']),
      judgeAtRest: () => stream.judgeAtRest(event.isSet()),
    };
  }),
  ...foreign('exhaustMapLatest', (stage, kit) => {
    const stream = new StreamReferee(stage, 's', latest);
    const project = workOf(stage, new Referee(), stream, values);
    const actor = new Stream(stage, stream, values, kit.exhaustMapLatest(project), false);
    return streamScenery(stream, actor, ['s comes', 's emits 1']);
  }),
  ...foreign('throttleBySemaphore: in order', (stage, kit) => {
    const semaphore = kit.semaphore(2);
    const stream = new StreamReferee(stage, 's', all);
    const project = workOf(stage, new Referee(), stream, values);
    const actor = new Stream(stage, stream, values, kit.throttleBySemaphore(semaphore, project, { ordered: true }), false);
    const scenery = streamScenery(stream, actor, ['s comes', 's emits 1', 's emits 2']);
    return {
      ...scenery,
      judgeAtTheEnd: () => (semaphore.available !== 2 || semaphore.waiting > 0 ? 'a unit was lost' : undefined),
    };
  }),
  ...foreign('concatMapByKey: the latest of those that wait', (stage, kit) => {
    const locks = kit.keyedLock();
    const referees = new KeyReferees(['x']);
    const edits = ['x1', 'x2', 'x3'];
    const { actor, referee } = streamByKey(stage, kit, referees, 's', edits, { locks, keep: 'latest' }, false);
    const scenery = streamScenery(referee, actor, ['s comes', 's emits x1']);
    return {
      ...scenery,
      judgeAtTheEnd: () => (locks.waiting > 0 || locks.get('x').locked() ? 'somebody was left behind' : undefined),
    };
  }),
];

function streamScenery(stream: StreamReferee, actor: Actor, prelude: readonly string[]): Scenery {
  return {
    prelude,
    look: () => '',
    judgeAtRest: () => stream.judgeAtRest(true),
    close: closeAll([actor]),
    judgeAtTheEnd: () => undefined,
  };
}
