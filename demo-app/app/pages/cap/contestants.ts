import type { EnvironmentInjector } from '@angular/core';
import type { BoundedSemaphore, Event } from 'rxjs-locks';

import type { Contestant } from '../../stage/scenario';
import { play as everything } from './contestants/everything';
import everythingSource from './contestants/everything.ts?source' with { loader: 'text' };
import { interceptors, SLOTS, UPLOADS } from './contestants/limit-requests';
import limitSource from './contestants/limit-requests.ts?source' with { loader: 'text' };
import { play as merged } from './contestants/merge-map';
import mergeMapSource from './contestants/merge-map.ts?source' with { loader: 'text' };
import { play as throttled, slots } from './contestants/throttle';
import throttleSource from './contestants/throttle.ts?source' with { loader: 'text' };
import type { Play } from './job';

/** What the slider and the pause button of the page act upon. */
export interface Controls {
  readonly slots: BoundedSemaphore;
  /** Lets the uploads pass. Without it, a pause is a semaphore of size 0. */
  readonly uploads?: Event;
}

export interface CapContestant extends Contestant {
  readonly play: Play;
  readonly controls?: (injector: EnvironmentInjector) => Controls;
}

export const contestants: readonly [CapContestant, ...CapContestant[]] = [
  {
    id: 'everything',
    name: 'all at once',
    remark:
      'Fine as long as there is little to send. The browser is no cap: it keeps six connections to each host, and with HTTP/2 a hundred streams.',
    source: everythingSource,
    play: everything,
  },
  {
    id: 'merge-map',
    name: 'mergeMap(f, 4)',
    remark:
      'Right, and plain RxJS, for one stream whose tasks weigh the same: take it there. Two streams do not know of each other, big files count as much as small ones, and the number is fixed at subscribe.',
    source: mergeMapSource,
    play: merged,
  },
  {
    id: 'throttle',
    name: 'throttleBySemaphore',
    remark:
      'One cap for all streams that share the semaphore, and the slider moves it at any time. A pause is a cap of 0: Save waits too. A cancelled chunk frees its units at once, although the server goes on with it.',
    source: throttleSource,
    play: throttled,
    controls: () => ({ slots }),
  },
  {
    id: 'limit-requests',
    name: 'limitRequests',
    remark:
      'The application sends as in “all at once”, whatever service it is in. An event at the gate pauses the uploads alone, so Save still goes. A cancelled chunk keeps its units until the server has answered.',
    source: limitSource,
    interceptors: () => interceptors,
    play: everything,
    controls: (injector) => ({ slots: injector.get(SLOTS), uploads: injector.get(UPLOADS) }),
  },
];
