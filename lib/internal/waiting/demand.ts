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

/** The checked options, made once for all waiters that want the same. */
export interface Demand {
  readonly weight: number;
  readonly priority: number;
  readonly label: string | undefined;
}

/** The most frequent demand. */
export const ONE: Demand = { weight: 1, priority: 0, label: undefined };

/** Refuses malformed arguments. A number is a weight. */
export function demandOf(wanted: unknown): Demand {
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
