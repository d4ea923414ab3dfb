import { Stream, waiter, worker, workOf } from '../actors.js';
import type { Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { closeAll, eventScenery } from './scenery.js';

const values = ['1', '2', '3'];

/** Works on an event, and on nothing but time. */
export const streamWorlds: readonly World[] = [
  {
    name: 'waitForEvent: two works, while the event is set, cleared and closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const event = kit.event();
      const actors = [
        worker(stage, new Referee(), 'a', kit.waitForEvent(event), () => event.waiting),
        worker(stage, new Referee(), 'b', kit.waitForEvent(event), () => event.waiting),
      ];
      return eventScenery(stage, event, actors, []);
    },
  },
  {
    name: 'gateByEvent: a stream, and two who wait for the event beside it',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const event = kit.event();
      const stream = new Stream(stage, 's', values, kit.gateByEvent(event));
      const actors = [stream, waiter(stage, event.wait(), 'a'), waiter(stage, event.wait(), 'b')];
      const scenery = eventScenery(stage, event, actors, ['a waits', 's comes', 's emits 1']);
      return {
        ...scenery,
        judge: () =>
          stream.received.some((value, index) => value !== stream.emitted[index])
            ? `of ${stream.emitted.join()} it has ${stream.received.join()}`
            : scenery.judge?.(),
      };
    },
  },
  {
    name: 'exhaustMapLatest: a stream',
    steps: 5,
    build(stage: Stage, kit: Kit): Scenery {
      const referee = new Referee();
      const stream = new Stream(stage, 's', values, kit.exhaustMapLatest(workOf(stage, referee, 's', values)));
      return {
        prelude: ['s comes', 's emits 1'],
        look: () => '',
        judge: () => (referee.held > 1 ? 'two works run' : undefined),
        close: closeAll([stream]),
        judgeAtTheEnd: () => (referee.held > 0 ? 'a work runs on' : undefined),
      };
    },
  },
];
