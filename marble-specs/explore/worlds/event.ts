import { takeUntil, filter } from 'rxjs';

import { closer, observer, waiter } from '../actors.js';
import type { Kit } from '../kit.js';
import type { Scenery, Stage, World } from '../stage.js';
import { closeAll, valueOf } from './scenery.js';

export const eventWorlds: readonly World[] = [
  {
    name: 'Event: two wait, one until nobody waits, while it is set, cleared and closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const event = kit.event({ maxWaiting: 2 });
      const actors = [
        waiter(stage, event.wait(), 'a'),
        waiter(stage, event.wait(), 'b'),
        waiter(stage, event.wait().pipe(takeUntil(event.pipe(filter((state) => 'set' in state && state.set === true)))), 'c'),
        observer(stage, event, 'd'),
      ];
      stage.step('set()', () => true, () => {
        event.set();
      });
      stage.step('clear()', () => true, () => {
        event.clear();
      });
      closer(stage, event);
      return {
        prelude: ['a waits', 'b waits'],
        look: () => `${valueOf(event)} ${String(event.isSet())} ${String(event.waiting)}`,
        judge: () => (event.isSet() && event.waiting > 0 ? 'it is set, and somebody waits' : undefined),
        close: closeAll(actors),
        judgeAtTheEnd: () => (event.waiting > 0 ? 'somebody was left behind' : undefined),
      };
    },
  },
];
