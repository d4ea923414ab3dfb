import { demandOf, type Demand } from '../lib/internal/waiting/demand.js';

/** A constant, or a function that computes it for each value. */
type OfEach<T, A> = A | ((value: T, index: number) => A);

/** What the tasks of an operator over values acquire: weight, priority and label. */
export interface WantedByEach<T> {
  readonly weight?: OfEach<T, number>;
  readonly priority?: OfEach<T, number>;
  readonly label?: OfEach<T, string>;
}

/** The same after its check: one `Demand` for all values, or a function that makes one for each value. */
export type DemandOfEach<T> = Demand | ((value: T, index: number) => Demand);

export function demandOfEach<T>({ weight = 1, priority = 0, label }: WantedByEach<T>): DemandOfEach<T> {
  const constants = {
    ...(typeof weight !== 'function' && { weight }),
    ...(typeof priority !== 'function' && { priority }),
    ...(typeof label !== 'function' && label !== undefined && { label }),
  };
  const demand = demandOf(constants);
  if (typeof weight !== 'function' && typeof priority !== 'function' && typeof label !== 'function') {
    return demand;
  }
  return (value, index) =>
    demandOf({
      ...constants,
      ...(typeof weight === 'function' && { weight: weight(value, index) }),
      ...(typeof priority === 'function' && { priority: priority(value, index) }),
      ...(typeof label === 'function' && { label: label(value, index) }),
    });
}
