import type { Observable } from 'rxjs';

/** One edit of the document: what a save sends. */
export interface Edit {
  readonly name: string;
  readonly number: number;
  readonly text: string;
  /** Emits when the user cancels the save of this edit. */
  readonly withdrawn: Observable<void>;
}

/** Saves the edits. `save` sends one request. */
export type SaveAll = (edits: Observable<Edit>, save: (edit: Edit) => Observable<unknown>) => Observable<unknown>;
