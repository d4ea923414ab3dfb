import { of } from 'rxjs';
import { BoundedSemaphore, Condition, KeyedLock, Lock, ReadWriteLock, Semaphore } from 'rxjs-locks';
import { concatMapByKey, throttleBySemaphore } from 'rxjs-locks/operators';

import { itHoldsForPendingTasks, type RunInside } from '../../../contracts/pending-tasks.js';
import { ForeignLock } from '../../../support/foreign.js';

const ways: readonly (readonly [string, () => RunInside])[] = [
  ...[
    () => new Lock(),
    () => new Semaphore(),
    () => new BoundedSemaphore(),
    () => new Condition(),
    () => new ReadWriteLock().write,
    () => new KeyedLock().get('key'),
  ].map(
    (make) =>
      [
        `use of a ${String(make())}`,
        (): RunInside => {
          const primitive = make();
          return (task) => primitive.use(task);
        },
      ] as const,
  ),
  [
    'throttleBySemaphore',
    () => {
      const semaphore = new Semaphore();
      return (task) => of(0).pipe(throttleBySemaphore(semaphore, task));
    },
  ],
  [
    'throttleBySemaphore, ordered',
    () => {
      const semaphore = new Semaphore();
      return (task) => of(0).pipe(throttleBySemaphore(semaphore, task, { ordered: true }));
    },
  ],
  [
    'throttleBySemaphore with a foreign lock',
    () => {
      const lock = new ForeignLock();
      return (task) => of(0).pipe(throttleBySemaphore(lock, task));
    },
  ],
  [
    'concatMapByKey',
    () => {
      const locks = new KeyedLock<string>();
      return (task) => of(0).pipe(concatMapByKey(() => 'key', task, { locks }));
    },
  ],
];

for (const [name, create] of ways) {
  itHoldsForPendingTasks(name, create);
}
