import { Observable, type Subscriber } from 'rxjs';

import { acquirer, Listener, Work, type Actor } from '../actors.js';
import type { Kit, SemaphoreLike, ThrottleOptionsLike } from '../kit.js';
import { Referee } from '../referee.js';
import type { Scenery, Stage, World } from '../stage.js';
import { semaphoreScenery } from './scenery.js';

/** A stream of values, each of which has its work. */
export function stream(
  stage: Stage,
  kit: Kit,
  referee: Referee,
  semaphore: SemaphoreLike,
  name: string,
  values: readonly string[],
  options: ThrottleOptionsLike,
  endsEarly = true,
): Actor {
  const listener = new Listener<string>(stage, name);
  const works = new Map(values.map((value) => [value, new Work(stage, referee, value)]));
  let subscriber: Subscriber<string> | undefined;
  const goesOn = (): boolean => subscriber?.closed === false;
  const source = new Observable<string>((each) => {
    subscriber = each;
    return () => {
      stage.heard(`${name}: let go of`);
    };
  });
  const project = (value: string): Observable<string> => {
    stage.heard(`${name}: projects ${value}`);
    return works.get(value)?.source ?? source;
  };
  stage.step(`${name} comes`, () => listener.isNew, () => {
    listener.listen(kit.throttleBySemaphore(semaphore, project, options)(source), (value) => value);
  });
  values.forEach((value, index) => {
    const isNext = (): boolean => emitted === index;
    stage.step(`${name} emits ${value}`, () => goesOn() && isNext(), () => {
      emitted++;
      subscriber?.next(value);
    });
  });
  let emitted = 0;
  const mayEnd = (): boolean => goesOn() && (endsEarly || emitted === values.length);
  stage.step(`${name} completes`, mayEnd, () => subscriber?.complete());
  stage.step(`${name} fails`, mayEnd, () => subscriber?.error(new Error('source')));
  return listener.canLeave();
}

function throttleWorld(name: string, units: number, options: ThrottleOptionsLike): World {
  return {
    name,
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const semaphore = kit.semaphore(units);
      const referee = new Referee();
      const actors = [
        stream(stage, kit, referee, semaphore, 's', ['1', '2', '3'], options),
        acquirer(stage, new Referee(), semaphore, 'a'),
      ];
      const scenery = semaphoreScenery(semaphore, () => undefined, referee, actors, ['s comes', 's emits 1', 's emits 2']);
      return {
        ...scenery,
        judgeAtRest: () => undefined, // a value that waits says nothing

        judge: () => (referee.held > units ? `${String(referee.held)} are inside` : undefined),
        judgeAtTheEnd: () => (semaphore.available !== units || semaphore.waiting > 0 ? 'a unit was lost' : undefined),
      };
    },
  };
}

export const throttleWorlds: readonly World[] = [
  throttleWorld('throttleBySemaphore: one at a time', 1, {}),
  throttleWorld('throttleBySemaphore: two at a time, in order', 2, { ordered: true }),
  throttleWorld('throttleBySemaphore: values that find it busy are dropped', 1, { whenBusy: 'skip' }),
  throttleWorld('throttleBySemaphore: a heavy value among light ones', 2, { weight: (value) => (value === '2' ? 2 : 1) }),
];
