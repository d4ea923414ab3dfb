import { acquirer, observer, timeLimit, resizer, Stream, waiter, taskRunner, projectToTasks, type Actor } from '../actors.js';
import type { Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Setup, Stage, World } from '../stage.js';
import { all, latest, StreamReferee } from '../stream-referee.js';
import { streamByKey } from './concat-map-by-key.js';
import { conditionSetup, notifier, conditionWaiter } from './condition.js';
import { KeyReferees, keyedLockSetup, keysOf } from './keyed-lock.js';
import { closeAll, eventSetup, lockSetup, semaphoreSetup } from './setups.js';

/** Two worlds: in one the capture of a context is a callback too, in the other the restore. Any step can be taken there. */
function foreign(what: string, build: (stage: Stage, kit: Kit) => Setup): World[] {
  return (['capture', 'restore'] as const).map((part) => ({
    name: `${what}, while contexts are ${part}d`,
    steps: 4,
    build: (stage, kit) => ({ ...build(stage, kit), foreign: part }),
  }));
}

const values = ['1', '2', '3'];

/** Small worlds, since each step has one more callback. */
export const contextWorlds: readonly World[] = [
  ...foreign('Lock: with room for two waiters', (stage, kit) => {
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
    return lockSetup(lock, referee, actors, ['a acquires', 'b acquires']);
  }),
  ...foreign('BoundedSemaphore(2): resized to 1', (stage, kit) => {
    const semaphore = kit.boundedSemaphore(2);
    const referee = new Referee();
    const actors = [
      acquirer(stage, referee, semaphore, 'a'),
      acquirer(stage, referee, semaphore, 'b', { weight: 2 }),
      acquirer(stage, referee, semaphore, 'c'),
    ];
    resizer(stage, semaphore, [1]);
    return semaphoreSetup(semaphore, () => semaphore.bound, referee, actors, ['a acquires']);
  }),
  ...foreign('KeyedLock: a waiter for two keys', (stage, kit) => {
    const locks = kit.keyedLock();
    const referees = new KeyReferees(['x', 'y']);
    const actors = [
      acquirer(stage, referees.of('x'), keysOf(locks, 'x'), 'a'),
      acquirer(stage, referees.of('y', 'x'), keysOf(locks, 'y', 'x'), 'b'),
      acquirer(stage, referees.of('y'), keysOf(locks, 'y'), 'c'),
    ];
    return { ...keyedLockSetup(locks, ['x', 'y'], referees, actors, ['a acquires']), judge: () => referees.judgeHolders() };
  }),
  ...foreign('withLock: a waiter that times out', (stage, kit) => {
    const lock = kit.lock();
    const referee = new Referee();
    const waiting = (): number => lock.waiting;
    referee.allCancelled(); // a context that throws also fails the waiter
    const actors = [
      acquirer(stage, referee, lock, 'a'),
      taskRunner(stage, referee, 'b', kit.withLock(lock, { until: timeLimit(stage, 'b', referee) }), waiting),
      observer(stage, lock, 'd'),
    ];
    return lockSetup(lock, referee, actors, ['a acquires']);
  }),
  ...foreign('Condition: a waiter, and a waiter for its lock', (stage, kit) => {
    const condition = kit.condition();
    const referee = new Referee();
    const actors = [
      conditionWaiter(stage, kit, condition, referee, 'a', { until: timeLimit(stage, 'a') }),
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
    return conditionSetup(condition, referee, actors, []);
  }),
  ...foreign('Event and gateByEvent: with room for one', (stage, kit) => {
    const event = kit.event();
    const stream = new StreamReferee(stage, 's', all, false);
    const operator = kit.gateByEvent(event, { limit: 1 });
    const actors = [new Stream(stage, stream, values.slice(0, 2), operator, false), waiter(stage, event.wait(), 'a')];
    return {
      ...eventSetup(stage, event, actors, ['s subscribes']),
      judgeAtRest: () => stream.judgeAtRest(event.isSet()),
    };
  }),
  ...foreign('exhaustMapLatest', (stage, kit) => {
    const stream = new StreamReferee(stage, 's', latest);
    const project = projectToTasks(stage, new Referee(), stream, values);
    const actor = new Stream(stage, stream, values, kit.exhaustMapLatest(project), false);
    return streamSetup(stream, actor, ['s subscribes', 's emits 1']);
  }),
  ...foreign('throttleBySemaphore: in order', (stage, kit) => {
    const semaphore = kit.semaphore(2);
    const stream = new StreamReferee(stage, 's', all);
    const project = projectToTasks(stage, new Referee(), stream, values);
    const actor = new Stream(stage, stream, values, kit.throttleBySemaphore(semaphore, project, { ordered: true }), false);
    const setup = streamSetup(stream, actor, ['s subscribes', 's emits 1', 's emits 2']);
    return {
      ...setup,
      judgeAtTheEnd: () => (semaphore.available !== 2 || semaphore.waiting > 0 ? 'a unit was lost' : undefined),
    };
  }),
  ...foreign('concatMapByKey: the latest waiting value', (stage, kit) => {
    const locks = kit.keyedLock();
    const referees = new KeyReferees(['x']);
    const edits = ['x1', 'x2', 'x3'];
    const { actor, referee } = streamByKey(stage, kit, referees, 's', edits, { locks, keep: 'latest' }, false);
    const setup = streamSetup(referee, actor, ['s subscribes', 's emits x1']);
    return {
      ...setup,
      judgeAtTheEnd: () => (locks.waiting > 0 || locks.get('x').locked() ? 'a waiter or a holder is left' : undefined),
    };
  }),
];

function streamSetup(stream: StreamReferee, actor: Actor, prelude: readonly string[]): Setup {
  return {
    prelude,
    look: () => '',
    judgeAtRest: () => stream.judgeAtRest(true),
    close: closeAll([actor]),
    judgeAtTheEnd: () => undefined,
  };
}
