import type { MonoTypeOperatorFunction } from 'rxjs';

import type { Acquirable } from '../lib/index.js';
import { admissionOf, doorOf, type AdmissionOptions } from '../lib/internal/tasks/admission.js';
import { checkOptions } from '../lib/internal/checks/arguments.js';
import { demandIn, wantedNames } from '../lib/internal/waiting/demand.js';
import { inside } from '../lib/internal/tasks/inside.js';

const optionNames: readonly string[] = [...wantedNames, 'until', 'whenBusy'] satisfies (keyof AdmissionOptions)[];

/** Subscribes to the source while holding `acquirable`. The operators that run a source as their task share this function. */
export function insideOf<T>(operator: string, acquirable: Acquirable, options: AdmissionOptions): MonoTypeOperatorFunction<T> {
  const door = doorOf(operator, acquirable);
  checkOptions(operator, options, optionNames);
  const { until, whenBusy = 'wait' } = options;
  const admission = admissionOf(operator, acquirable, whenBusy, until);
  const demand = demandIn(options);
  return (source) => inside(door, demand, () => source, admission);
}
