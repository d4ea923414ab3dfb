import { filter, takeUntil } from 'rxjs';

import { observer, waiter } from '../actors.js';
import type { Kit } from '../kit.js';
import type { Scenery, Stage, World } from '../stage.js';
import { eventScenery } from './scenery.js';

export const eventWorlds: readonly World[] = [
  {
    name: 'Event: some wait, one until it is seen to be set, while it is set, cleared and closed',
    steps: 4,
    build(stage: Stage, kit: Kit): Scenery {
      const event = kit.event({ maxWaiting: 2 });
      const seenSet = event.pipe(filter((state) => 'set' in state && state.set === true));
      const actors = [
        waiter(stage, event.wait(), 'a'),
        waiter(stage, event.wait(), 'b'),
        waiter(stage, event.wait().pipe(takeUntil(seenSet)), 'c'),
        observer(stage, event, 'd'),
      ];
      return eventScenery(stage, event, actors, ['a waits', 'b waits']);
    },
  },
];
