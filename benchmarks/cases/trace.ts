import { Lock, trace } from 'rxjs-locks';

import type { Case } from '../harness/case.js';
import { must } from '../harness/task.js';
import { ofLock, ours } from '../peers/wait-queues.js';
import { contestants } from './queue-and-drain.js';

/** A lock without the check for a tracer at each step. The difference to `Lock` is the cost of this check. */
class Untraceable extends Lock {}

// `note` is internal, so the declarations of the built package do not contain it.
Object.assign(Untraceable.prototype, { note: () => undefined });

export const cases: readonly Case[] = [
  {
    name: 'trace, without an observer',
    sizes: [10_000],
    of: 'waiters',
    perSample: 50_000,
    contestants: contestants([
      ours,
      { name: 'a Lock without the check', role: 'floor', atMost: 1.05, create: (onGrant) => ofLock(new Untraceable(), onGrant) },
      {
        name: 'traced',
        role: 'ours',
        create(onGrant) {
          const lock = new Lock();
          let steps = 0;
          const tracing = trace(lock).subscribe(() => steps++);
          const queue = ofLock(lock, onGrant);
          return {
            ...queue,
            isFree() {
              tracing.unsubscribe();
              must(steps > 30_000, 'the trace lacks a step');
              return queue.isFree();
            },
          };
        },
      },
    ]),
  },
];
