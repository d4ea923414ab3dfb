import { checkOptions, checkPositive, checkString } from '../checks/arguments.js';
import { shown } from '../checks/shown.js';

/** The options of a waiter. */
export interface WaiterOptions {
  /** Names the waiter in a `trace`. */
  readonly label?: string;
}

/** What a caller wants to acquire. */
export interface AcquireOptions extends WaiterOptions {
  /** The number of units to hold; 1 by default. */
  readonly weight?: number;
  /** A waiter with a higher priority goes first, at primitives that have priorities: at a semaphore. 0 by default. */
  readonly priority?: number;
}

export const waiterOptionNames: readonly string[] = ['label'] satisfies (keyof WaiterOptions)[];
export const acquireOptionNames = ['weight', 'priority', 'label'] as const satisfies readonly (keyof AcquireOptions)[];

/** The checked options, made once for all claims that want the same. */
export interface Demand {
  readonly weight: number;
  readonly priority: number;
  readonly label: string | undefined;
}

/** The most frequent demand. */
export const ONE: Demand = { weight: 1, priority: 0, label: undefined };

/** Refuses malformed arguments. A number is a weight. */
export function demandOf(wanted?: unknown): Demand {
  // Stryker disable next-line ConditionalExpression,BlockStatement: it saves some steps, and changes nothing else
  if (wanted === undefined) {
    return ONE;
  }
  const isWeight = typeof wanted !== 'object' || wanted === null;
  if (!isWeight) {
    checkOptions('acquire', wanted, acquireOptionNames);
  }
  return demandIn(isWeight ? ({ weight: wanted } as AcquireOptions) : wanted);
}

/**
 * Returns the demand in options whose names are checked already. Options can be inherited, so they are read by their
 * names.
 */
export function demandIn({ weight = 1, priority = 0, label }: AcquireOptions): Demand {
  checkPositive('weight', weight);
  if (typeof priority !== 'number' || Number.isNaN(priority)) {
    throw new RangeError(`priority must be a number, but is ${shown(priority)}`);
  }
  checkString('label', label);
  // Stryker disable next-line ConditionalExpression: it saves an object, and changes nothing else
  return weight === 1 && priority === 0 && label === undefined ? ONE : { weight, priority, label };
}

/**
 * For resources that grant all or nothing, in the order of the waiters: refuses weights and priorities.
 *
 * @throws `RangeError` for any other weight than 1, and for any other priority than 0.
 */
export function refuseWeightAndPriority(resource: { toString(): string }, { weight, priority }: Demand): void {
  if (weight !== 1) {
    throw new RangeError(`cannot acquire ${String(weight)} of ${resource.toString()}: it knows no weights`);
  }
  if (priority !== 0) {
    throw new RangeError(`cannot acquire ${resource.toString()} with a priority: it knows no priorities`);
  }
}
