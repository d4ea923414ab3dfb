import { filter, takeUntil } from 'rxjs';

import { closer, observer, Stream, waiter, type Actor } from '../actors.js';
import type { BarrierLike, Kit } from '../kit.js';
import type { Scenery, Stage, World } from '../stage.js';
import { all, StreamReferee } from '../stream-referee.js';
import { closeAll, valueOf } from './scenery.js';

export const barrierWorlds: readonly World[] = [
  {
    name: 'Barrier: some meet, one until it is seen to be broken, while it is reset, aborted and closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const barrier = kit.barrier(3, { maxWaiting: 2 });
      const seenBroken = barrier.pipe(filter((state) => 'broken' in state && state.broken === true));
      const actors = [
        waiter(stage, barrier.wait(), 'a'),
        waiter(stage, barrier.wait().pipe(takeUntil(seenBroken)), 'b'),
        waiter(stage, barrier.wait(), 'c'),
        waiter(stage, barrier.wait(), 'd'),
        observer(stage, barrier, 'e'),
      ];
      closer(stage, barrier);
      return barrierScenery(stage, barrier, actors, ['a waits', 'b waits']);
    },
  },
  {
    name: 'Barrier: for one party alone',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const barrier = kit.barrier(1, { maxWaiting: 0 });
      const actors = ['a', 'b', 'c'].map((name) => waiter(stage, barrier.wait(), name));
      return barrierScenery(stage, barrier, [...actors, observer(stage, barrier, 'd')]);
    },
  },
  {
    name: 'meetAtBarrier: two streams, step by step',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const barrier = kit.barrier(2);
      const [left, right] = [new StreamReferee(stage, 'l', all, false), new StreamReferee(stage, 'r', all, false)];
      const streams = [left, right].map(
        (referee) => new Stream(stage, referee, [`${referee.name}1`, `${referee.name}2`], kit.meetAtBarrier(barrier)),
      );
      const scenery = barrierScenery(stage, barrier, streams, ['l comes', 'r comes', 'l emits l1']);
      return {
        ...scenery,
        judge: () => (Math.abs(left.received.length - right.received.length) > 1 ? 'one is two steps ahead' : scenery.judge?.()),
        judgeAtRest: () => [left, right].map((referee) => referee.judgeAtRest(barrier.waiting === 0)).find(Boolean),
      };
    },
  },
];

function barrierScenery(stage: Stage, barrier: BarrierLike, actors: readonly Actor[], prelude: readonly string[] = []): Scenery {
  stage.step(
    'reset()',
    () => true,
    () => {
      barrier.reset();
    },
  );
  stage.step(
    'abort()',
    () => true,
    () => {
      barrier.abort();
    },
  );
  return {
    prelude,
    look: () => `${valueOf(barrier)} ${String(barrier.broken)} ${String(barrier.waiting)}`,
    judge: () => {
      if (barrier.waiting >= barrier.parties) {
        return 'all parties are there, and they wait';
      }
      return barrier.broken && barrier.waiting > 0 ? 'it is broken, and somebody waits' : undefined;
    },
    close: closeAll(actors),
    judgeAtTheEnd: () => (barrier.waiting > 0 ? 'somebody was left behind' : undefined),
  };
}
