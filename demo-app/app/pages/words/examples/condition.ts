import { defer, EMPTY, map, merge } from 'rxjs';
import { Condition } from 'rxjs-locks';
import { withCondition } from 'rxjs-locks/operators';

const items: string[] = [];
const changed = new Condition();

const take = (name: string) =>
  defer(() => items.splice(0, 1)).pipe(
    map((item) => `${name} takes ${item}`),
    withCondition(changed, () => items.length > 0),
  );

const put = (item: string) =>
  changed.use(() => {
    items.push(item);
    changed.notifyAll();
    return EMPTY;
  });

export const main = merge(take('ann'), put('tea'));

// main.subscribe(console.log);
