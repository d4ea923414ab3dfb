import { Stream, waiter, taskRunner, projectToTasks } from '../actors.js';
import type { GateOptionsLike, Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Setup, Stage, World } from '../stage.js';
import { all, latest, none, StreamReferee } from '../stream-referee.js';
import { closeAll, eventSetup } from './setups.js';

const values = ['1', '2', '3'];

/** The operators that use an event or no primitive. */
export const streamWorlds: readonly World[] = [
  {
    name: 'waitForEvent: two sources, with set, clear and close',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const event = kit.event();
      const actors = [
        taskRunner(stage, new Referee(), 'a', kit.waitForEvent(event), () => event.waiting),
        taskRunner(stage, new Referee(), 'b', kit.waitForEvent(event), () => event.waiting),
      ];
      return eventSetup(stage, event, actors, []);
    },
  },
  gateWorld('gateByEvent: a stream, and two waiters for the event', {}, ['a waits', 's subscribes', 's emits 1'], ['a', 'b']),
  gateWorld('gateByEvent: with room for one', { limit: 1 }, ['s subscribes', 's emits 1'], []),
  gateWorld(
    'gateByEvent: with room for two, drops the oldest',
    { limit: 2, overflow: 'drop-oldest' },
    ['s subscribes', 's emits 1'],
    ['a'],
  ),
  gateWorld(
    'gateByEvent: with room for one, drops the newest',
    { limit: 1, overflow: 'drop-newest' },
    ['s subscribes', 's emits 1'],
    ['a'],
  ),
  exhaustWorld('exhaustMapLatest: a stream', ['s subscribes', 's emits 1']),
  exhaustWorld('exhaustMapLatest: a stream, from its first value on', ['s subscribes']),
];

function exhaustWorld(name: string, prelude: readonly string[]): World {
  return {
    name,
    steps: 5,
    build(stage: Stage, kit: Kit): Setup {
      const referee = new Referee();
      const stream = new StreamReferee(stage, 's', latest);
      const actor = new Stream(stage, stream, values, kit.exhaustMapLatest(projectToTasks(stage, referee, stream, values)));
      return {
        prelude,
        look: () => '',
        judge: () => (referee.held > 1 ? 'two tasks run' : undefined),
        judgeAtRest: () => stream.judgeAtRest(true),
        close: closeAll([actor]),
        judgeAtTheEnd: () => (referee.held > 0 ? 'a task still runs' : undefined),
      };
    },
  };
}

function gateWorld(name: string, options: GateOptionsLike, prelude: readonly string[], others: readonly string[]): World {
  const { limit = Infinity, overflow = 'error' } = options;
  return {
    name,
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const event = kit.event();
      const stream = new StreamReferee(stage, 's', overflow === 'error' ? all : none, false);
      const actors = [
        new Stream(stage, stream, values, kit.gateByEvent(event, options)),
        ...others.map((other) => waiter(stage, event.wait(), other)),
      ];
      const setup = eventSetup(stage, event, actors, prelude);
      return {
        ...setup,
        judge: () =>
          isPartOf(stream.received, stream.emitted)
            ? setup.judge?.()
            : `${stream.emitted.join()} were emitted, and ${stream.received.join()} received`,
        judgeAtRest: () => {
          const held = stream.emitted.length - stream.received.length;
          return overflow === 'error' && stream.isOpen && !event.isSet() && held > limit
            ? `${String(held)} values are held, above the limit of ${String(limit)}`
            : stream.judgeAtRest(event.isSet());
        },
      };
    },
  };
}

/** Whether the received values are in the order of the emitted ones, each at most once. */
function isPartOf(received: readonly string[], emitted: readonly string[]): boolean {
  const places = received.map((value) => emitted.indexOf(value));
  return places.every((place, at) => place >= 0 && place > (places[at - 1] ?? -1));
}
