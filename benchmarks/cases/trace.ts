import { Lock, trace } from 'rxjs-locks';

import type { Case } from '../harness/case.js';
import { must } from '../harness/work.js';
import { ofLock, ours } from '../peers/doors.js';
import { contestants } from './queue-and-drain.js';

/** Has no check for a tracer where it takes a step: what each step costs is what ours costs more. */
class Untraceable extends Lock {}

// It is internal, and the declarations of the built package do not know it.
Object.assign(Untraceable.prototype, { note: () => undefined });

export const cases: readonly Case[] = [
  {
    name: 'trace, where nobody looks',
    sizes: [10_000],
    of: 'waiters',
    perSample: 50_000,
    contestants: contestants([
      ours,
      { name: 'a Lock that notes nothing', role: 'floor', atMost: 1.05, open: (visit) => ofLock(new Untraceable(), visit) },
      {
        name: 'traced',
        role: 'ours',
        open(visit) {
          const lock = new Lock();
          let steps = 0;
          const tracing = trace(lock).subscribe(() => steps++);
          const door = ofLock(lock, visit);
          return {
            ...door,
            isFree() {
              tracing.unsubscribe();
              must(steps > 30_000, 'not every step was told of');
              return door.isFree();
            },
          };
        },
      },
    ]),
  },
];
