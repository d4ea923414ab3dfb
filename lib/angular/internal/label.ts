import type { Acquirable } from '../../index.js';
import { mark } from '../../internal/checks/copy.js';

/** The option `label`, for an acquirable of this library. A lock of another origin takes a weight alone. */
export function labelFor(acquirable: Acquirable, label: string): { readonly label?: string } {
  return mark in acquirable ? { label } : {};
}
