import type { Observable } from 'rxjs';

/** One edit of the draft: what a save sends. */
export interface Edit {
  readonly name: string;
  readonly number: number;
  readonly text: string;
}

/** Saves the edits. `save` sends one request, which fails if the server is down. */
export type SaveAll = (edits: Observable<Edit>, save: (edit: Edit) => Observable<unknown>) => Observable<unknown>;
