import { acquirer, asking, closer, Stream, workOf, type Actor } from '../actors.js';
import type { ByKeyOptionsLike, KeyedLockLike, Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { all, StreamReferee, type Due } from '../stream-referee.js';
import { KeyReferees, keyedLockScenery, keysOf } from './keyed-lock.js';

const keys = ['x', 'y'];

/** The key of a value is the first letter of its name. */
const keyOf = (value: string): string => value.charAt(0);

/** Of the values of each key, the latest. */
const latestByKey: Due = (emitted) => [...new Map(emitted.map((value) => [keyOf(value), value])).values()];

/** A stream whose values have a key each. */
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
  const works = new Map(
    [...new Set(values.map(keyOf))].map((key) => [
      key,
      workOf(
        stage,
        referees.of(key),
        referee,
        values.filter((value) => keyOf(value) === key),
      ),
    ]),
  );
  const project = (value: string) => works.get(keyOf(value))?.(value) ?? [];
  const operator = kit.concatMapByKey(asking(stage, referee, 'key', keyOf), project, options);
  return { actor: new Stream(stage, referee, values, operator, endsEarly), referee };
}

function world(
  name: string,
  values: readonly string[],
  options: ByKeyOptionsLike,
  comes: (stage: Stage, referee: Referee, locks: KeyedLockLike) => Actor,
  prelude: readonly string[],
): World {
  return {
    name,
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const locks = kit.keyedLock();
      const referees = new KeyReferees(keys);
      const { actor, referee } = streamByKey(stage, kit, referees, 's', values, { ...options, locks });
      const other = new Referee();
      const actors = [actor, comes(stage, other, locks)];
      return {
        ...keyedLockScenery(locks, keys, referees, actors, prelude),
        judge: () => referees.judgeInside(),
        judgeAtRest: () => referee.judgeAtRest(other.held === 0),
      };
    },
  };
}

export const concatMapByKeyWorlds: readonly World[] = [
  world(
    'concatMapByKey: values of two keys, and one who wants both',
    ['x1', 'y1', 'x2'],
    {},
    (stage, referee, locks) => acquirer(stage, referee, keysOf(locks, 'y', 'x'), 'a'),
    ['s comes', 's emits x1'],
  ),
  world(
    'concatMapByKey: the latest of those that wait, and one who waits for its key too',
    ['x1', 'x2', 'x3', 'y1'],
    { keep: 'latest' },
    (stage, referee, locks) => {
      closer(stage, locks);
      return acquirer(stage, referee, keysOf(locks, 'x'), 'a');
    },
    ['s comes', 's emits x1', 's emits x2'],
  ),
];
