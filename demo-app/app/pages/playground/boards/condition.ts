import { concat, defer, EMPTY } from 'rxjs';
import { Condition } from 'rxjs-locks';

import type { Visit } from '../board';

export const items: string[] = [];
export const changed = new Condition(undefined, {
  name: 'buffer',
});

const change = (how: () => unknown) =>
  defer(() => {
    how();
    changed.notifyAll();
    return EMPTY;
  });

export const put: Visit = (work, label) =>
  changed.use(
    (permit) =>
      concat(
        changed.waitFor(() => items.length < 3, {
          permit,
        }),
        work,
        change(() => items.push(label)),
      ),
    { label },
  );

export const take: Visit = (work, label) =>
  changed.use(
    (permit) =>
      concat(
        changed.waitFor(() => items.length > 0, {
          permit,
        }),
        work,
        change(() => items.shift()),
      ),
    { label },
  );
