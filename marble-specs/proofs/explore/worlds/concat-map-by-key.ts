import { acquirer, loggedCallback, closer, Stream, projectToTasks, type Actor } from '../actors.js';
import type { ByKeyOptionsLike, KeyedLockLike, Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Setup, Stage, World } from '../stage.js';
import { all, StreamReferee, type Due } from '../stream-referee.js';
import { KeyReferees, keyedLockSetup, keysOf } from './keyed-lock.js';

const keys = ['x', 'y'];

/** The key of a value is the first letter of its name. */
const keyOf = (value: string): string => value.charAt(0);

/** The latest value of each key. */
const latestByKey: Due = (emitted) => [...new Map(emitted.map((value) => [keyOf(value), value])).values()];

/** A stream of values with keys. */
export function streamByKey(
  stage: Stage,
  kit: Kit,
  referees: KeyReferees,
  name: string,
  values: readonly string[],
  options: ByKeyOptionsLike,
  endsEarly = true,
): { readonly actor: Stream; readonly referee: StreamReferee } {
  const referee = new StreamReferee(stage, name, options.keep === 'latest' ? latestByKey : all);
  const tasks = new Map(
    [...new Set(values.map(keyOf))].map((key) => [
      key,
      projectToTasks(
        stage,
        referees.of(key),
        referee,
        values.filter((value) => keyOf(value) === key),
      ),
    ]),
  );
  const project = (value: string) => tasks.get(keyOf(value))?.(value) ?? [];
  const operator = kit.concatMapByKey(loggedCallback(stage, referee, 'key', keyOf), project, options);
  return { actor: new Stream(stage, referee, values, operator, endsEarly), referee };
}

function world(
  name: string,
  values: readonly string[],
  options: ByKeyOptionsLike,
  makeOther: (stage: Stage, referee: Referee, locks: KeyedLockLike) => Actor,
  prelude: readonly string[],
): World {
  return {
    name,
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const locks = kit.keyedLock();
      const referees = new KeyReferees(keys);
      const { actor, referee } = streamByKey(stage, kit, referees, 's', values, { ...options, locks });
      const other = new Referee();
      const actors = [actor, makeOther(stage, other, locks)];
      return {
        ...keyedLockSetup(locks, keys, referees, actors, prelude),
        judge: () => referees.judgeHolders(),
        judgeAtRest: () => referee.judgeAtRest(other.held === 0),
      };
    },
  };
}

export const concatMapByKeyWorlds: readonly World[] = [
  world(
    'concatMapByKey: values of two keys, and a waiter for both',
    ['x1', 'y1', 'x2'],
    {},
    (stage, referee, locks) => acquirer(stage, referee, keysOf(locks, 'y', 'x'), 'a'),
    ['s subscribes', 's emits x1'],
  ),
  world(
    'concatMapByKey: the latest waiting value, and another waiter for its key',
    ['x1', 'x2', 'x3', 'y1'],
    { keep: 'latest' },
    (stage, referee, locks) => {
      closer(stage, locks);
      return acquirer(stage, referee, keysOf(locks, 'x'), 'a');
    },
    ['s subscribes', 's emits x1', 's emits x2'],
  ),
];
