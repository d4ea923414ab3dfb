import type { Contestant } from '../../stage/scenario';
import { Auth } from './auth';
import { published } from './contestants/published';
import publishedSource from './contestants/published.ts?source' with { loader: 'text' };
import { interceptors } from './contestants/refresh-on-401';
import refreshOn401Source from './contestants/refresh-on-401.ts?source' with { loader: 'text' };
import { shared } from './contestants/shared';
import sharedSource from './contestants/shared.ts?source' with { loader: 'text' };

const providers = [Auth];

export const contestants: readonly [Contestant, ...Contestant[]] = [
  {
    id: 'published',
    name: 'isRefreshing + BehaviorSubject',
    remark:
      'The interceptor of most tutorials. It is right while all goes well. Whoever waits at the subject waits for a token alone: if the refresh fails, or its caller leaves, no token ever comes.',
    source: publishedSource,
    interceptors: () => [published()],
    providers,
  },
  {
    id: 'shared',
    name: 'share()',
    remark:
      'Much better: all wait for one shared refresh, and all get its error. It does not see that a late 401 belongs to the old token, and refreshes again. If all callers leave, it aborts the refresh, and a rotated token is lost.',
    source: sharedSource,
    interceptors: () => [shared()],
    providers,
  },
  {
    id: 'refresh-on-401',
    name: 'refreshOn401',
    remark:
      'One refresh for each expired token, whoever leaves. It runs to its end, all who wait get its result or its error, and a late 401 is sent again with the token that is there already.',
    source: refreshOn401Source,
    interceptors,
    providers,
  },
];
