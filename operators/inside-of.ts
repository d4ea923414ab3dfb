import type { MonoTypeOperatorFunction } from 'rxjs';

import type { Acquirable } from '../lib/index.js';
import { checkOptions } from '../lib/internal/checks/arguments.js';
import { admissionOf, ownAcquirable, type AdmissionOptions } from '../lib/internal/tasks/admission.js';
import { whileHolding } from '../lib/internal/tasks/task-section.js';
import { acquireOptionNames, demandIn } from '../lib/internal/waiting/demand.js';

const optionNames: readonly string[] = [...acquireOptionNames, 'until', 'whenBusy'] satisfies (keyof AdmissionOptions)[];

/** Subscribes to the source while holding `acquirable`. The operators that run a source as their task share this function. */
export function insideOf<T>(operator: string, acquirable: Acquirable, options: AdmissionOptions): MonoTypeOperatorFunction<T> {
  const own = ownAcquirable(operator, acquirable);
  checkOptions(operator, options, optionNames);
  const { until, whenBusy = 'wait' } = options;
  const sectionOptions = admissionOf(operator, acquirable, whenBusy, until);
  const demand = demandIn(options);
  return (source) => whileHolding(own, demand, () => source, sectionOptions);
}
