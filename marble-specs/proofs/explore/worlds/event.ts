import { filter, takeUntil } from 'rxjs';

import { observer, waiter } from '../actors.js';
import type { Kit } from '../kit.js';
import type { Setup, Stage, World } from '../stage.js';
import { eventSetup } from './setups.js';

export const eventWorlds: readonly World[] = [
  {
    name: 'Event: three waiters, one of which unsubscribes when it is set, with set, clear and close',
    steps: 4,
    build(stage: Stage, kit: Kit): Setup {
      const event = kit.event({ maxWaiting: 2 });
      const seenSet = event.pipe(filter((state) => 'set' in state && state.set === true));
      const actors = [
        waiter(stage, event.wait(), 'a'),
        waiter(stage, event.wait(), 'b'),
        waiter(stage, event.wait().pipe(takeUntil(seenSet)), 'c'),
        observer(stage, event, 'd'),
      ];
      return eventSetup(stage, event, actors, ['a waits', 'b waits']);
    },
  },
];
