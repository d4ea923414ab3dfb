import { Stream, waiter, worker, workOf } from '../actors.js';
import type { GateOptionsLike, Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { all, latest, none, StreamReferee } from '../stream-referee.js';
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
  gateWorld(
    'gateByEvent: a stream, and two who wait for the event beside it',
    {},
    ['a waits', 's comes', 's emits 1'],
    ['a', 'b'],
  ),
  gateWorld('gateByEvent: with room for one', { limit: 1 }, ['s comes', 's emits 1'], []),
  gateWorld(
    'gateByEvent: with room for two, the oldest gives way',
    { limit: 2, overflow: 'drop-oldest' },
    ['s comes', 's emits 1'],
    ['a'],
  ),
  gateWorld(
    'gateByEvent: with room for one, the newest gives way',
    { limit: 1, overflow: 'drop-newest' },
    ['s comes', 's emits 1'],
    ['a'],
  ),
  exhaustWorld('exhaustMapLatest: a stream', ['s comes', 's emits 1']),
  exhaustWorld('exhaustMapLatest: a stream, from its first value on', ['s comes']),
];

function exhaustWorld(name: string, prelude: readonly string[]): World {
  return {
    name,
    steps: 5,
    build(stage: Stage, kit: Kit): Scenery {
      const referee = new Referee();
      const stream = new StreamReferee(stage, 's', latest);
      const actor = new Stream(stage, stream, values, kit.exhaustMapLatest(workOf(stage, referee, stream, values)));
      return {
        prelude,
        look: () => '',
        judge: () => (referee.held > 1 ? 'two works run' : undefined),
        judgeAtRest: () => stream.judgeAtRest(true),
        close: closeAll([actor]),
        judgeAtTheEnd: () => (referee.held > 0 ? 'a work runs on' : undefined),
      };
    },
  };
}

function gateWorld(name: string, options: GateOptionsLike, prelude: readonly string[], others: readonly string[]): World {
  const { limit = Infinity, overflow = 'error' } = options;
  return {
    name,
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const event = kit.event();
      const stream = new StreamReferee(stage, 's', overflow === 'error' ? all : none, false);
      const actors = [
        new Stream(stage, stream, values, kit.gateByEvent(event, options)),
        ...others.map((other) => waiter(stage, event.wait(), other)),
      ];
      const scenery = eventScenery(stage, event, actors, prelude);
      return {
        ...scenery,
        judge: () =>
          isPartOf(stream.received, stream.emitted)
            ? scenery.judge?.()
            : `of ${stream.emitted.join()} it has ${stream.received.join()}`,
        judgeAtRest: () => {
          const held = stream.emitted.length - stream.received.length;
          return overflow === 'error' && stream.isOpen && !event.isSet() && held > limit
            ? `${String(held)} are held, and ${String(limit)} may be`
            : stream.judgeAtRest(event.isSet());
        },
      };
    },
  };
}

/** Whether those who are handed down come in the order in which they came in, each once. */
function isPartOf(received: readonly string[], emitted: readonly string[]): boolean {
  const places = received.map((value) => emitted.indexOf(value));
  return places.every((place, at) => place >= 0 && place > (places[at - 1] ?? -1));
}
