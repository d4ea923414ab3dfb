import type { Steps } from '../../../backend/contract';
import type { SharedRun } from './judge';
import type { Report } from './reports';

/** The access token has expired, and each tab sends a request. */
export interface Round {
  readonly run: string;
  /** The id of the contestant. */
  readonly way: string;
  /** From 1 on. */
  readonly number: number;
  /** The access token that all tabs have. */
  readonly access: string;
}

/** What the tabs of a room tell each other. A tab that is `here` gets the reports that were made before. */
export type Body =
  | { readonly kind: 'here' }
  | { readonly kind: 'reports'; readonly reports: readonly Report[] }
  | { readonly kind: 'steps'; readonly steps: Steps }
  | { readonly kind: 'run'; readonly run: SharedRun }
  | { readonly kind: 'round'; readonly round: Round }
  | { readonly kind: 'done'; readonly round: Round }
  | { readonly kind: 'stop' };
