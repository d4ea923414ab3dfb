import type { Observable } from 'rxjs';

/** One edit of one of the documents: what a save sends. */
export interface Edit {
  /** Such as `letter 3`. */
  readonly name: string;
  readonly document: string;
}

/** Saves the edits. `save` sends one request. */
export type SaveAll = (edits: Observable<Edit>, save: (edit: Edit) => Observable<unknown>) => Observable<unknown>;
