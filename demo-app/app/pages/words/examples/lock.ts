import { concat, map, merge, of, timer } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

const lock = new Lock();

const save = (name: string) =>
  concat(
    of(`${name} begins`),
    timer(10).pipe(map(() => `${name} ends`)),
  ).pipe(withLock(lock));

export const main = merge(
  save('first'),
  save('second'),
);

// main.subscribe(console.log);
