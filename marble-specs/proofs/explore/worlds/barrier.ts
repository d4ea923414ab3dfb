import { filter, takeUntil } from 'rxjs';

import { closer, observer, Stream, waiter, type Actor } from '../actors.js';
import type { BarrierLike, Kit } from '../kit.js';
import type { Setup, Stage, World } from '../stage.js';
import { all, StreamReferee } from '../stream-referee.js';
import { closeAll, valueOf } from './setups.js';

export const barrierWorlds: readonly World[] = [
  {
    name: 'Barrier: four parties, one of which unsubscribes when it is broken, with reset, abort and close',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
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
      return barrierSetup(stage, barrier, actors, ['a waits', 'b waits']);
    },
  },
  {
    name: 'Barrier: one party',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const barrier = kit.barrier(1, { maxWaiting: 0 });
      const actors = ['a', 'b', 'c'].map((name) => waiter(stage, barrier.wait(), name));
      return barrierSetup(stage, barrier, [...actors, observer(stage, barrier, 'd')]);
    },
  },
  {
    name: 'meetAtBarrier: two streams',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const barrier = kit.barrier(2);
      const [left, right] = [new StreamReferee(stage, 'l', all, false), new StreamReferee(stage, 'r', all, false)];
      const streams = [left, right].map(
        (referee) => new Stream(stage, referee, [`${referee.name}1`, `${referee.name}2`], kit.meetAtBarrier(barrier)),
      );
      const setup = barrierSetup(stage, barrier, streams, ['l subscribes', 'r subscribes', 'l emits l1']);
      return {
        ...setup,
        judge: () =>
          Math.abs(left.received.length - right.received.length) > 1 ? 'a stream is two rounds ahead' : setup.judge?.(),
        judgeAtRest: () => [left, right].map((referee) => referee.judgeAtRest(barrier.waiting === 0)).find(Boolean),
      };
    },
  },
];

function barrierSetup(stage: Stage, barrier: BarrierLike, actors: readonly Actor[], prelude: readonly string[] = []): Setup {
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
        return 'all parties have arrived, and still wait';
      }
      return barrier.broken && barrier.waiting > 0 ? 'it is broken, and has a waiter' : undefined;
    },
    close: closeAll(actors),
    judgeAtTheEnd: () => (barrier.waiting > 0 ? 'a waiter or a holder is left' : undefined),
  };
}
