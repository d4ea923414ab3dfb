import { acquirer, closer, Stream, workOf, type Actor } from '../actors.js';
import type { ByKeyOptionsLike, KeyedLockLike, Kit } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { KeyReferees, keyedLockScenery, keysOf } from './keyed-lock.js';

const keys = ['x', 'y'];

/** A stream whose values have a key each, the first letter of their names. */
export function streamByKey(
  stage: Stage,
  kit: Kit,
  referees: KeyReferees,
  name: string,
  values: readonly string[],
  options: ByKeyOptionsLike,
  endsEarly = true,
): Stream {
  const keyOf = (value: string): string => value.charAt(0);
  const works = new Map(
    [...new Set(values.map(keyOf))].map((key) => [
      key,
      workOf(stage, referees.of(key), name, values.filter((value) => keyOf(value) === key)),
    ]),
  );
  const project = (value: string) => works.get(keyOf(value))?.(value) ?? [];
  return new Stream(stage, name, values, kit.concatMapByKey(keyOf, project, options), endsEarly);
}

function world(
  name: string,
  values: readonly string[],
  options: ByKeyOptionsLike,
  others: (stage: Stage, locks: KeyedLockLike) => Actor[],
  prelude: readonly string[],
): World {
  return {
    name,
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const locks = kit.keyedLock();
      const referees = new KeyReferees(keys);
      const actors = [
        streamByKey(stage, kit, referees, 's', values, { ...options, locks }),
        ...others(stage, locks),
      ];
      return {
        ...keyedLockScenery(locks, keys, referees, actors, prelude),
        judge: () => referees.judgeInside(),
        judgeAtRest: () => undefined, // a value that waits says nothing
      };
    },
  };
}

export const concatMapByKeyWorlds: readonly World[] = [
  world(
    'concatMapByKey: values of two keys, and one who wants both',
    ['x1', 'y1', 'x2'],
    {},
    (stage, locks) => [acquirer(stage, new Referee(), keysOf(locks, 'y', 'x'), 'a')],
    ['s comes', 's emits x1'],
  ),
  world(
    'concatMapByKey: the latest of those that wait, and one who waits for its key too',
    ['x1', 'x2', 'x3', 'y1'],
    { keep: 'latest' },
    (stage, locks) => {
      closer(stage, locks);
      return [acquirer(stage, new Referee(), keysOf(locks, 'x'), 'a')];
    },
    ['s comes', 's emits x1', 's emits x2'],
  ),
];
