/** What happened to one actor, at a time in milliseconds since the run began. An actor is an edit, an upload, a reader … */
export interface Moment {
  readonly at: number;
  readonly actor: string;
  readonly kind: MomentKind;
  /** In words: what the server noted, why the actor failed. */
  readonly text?: string;
}

/**
 * - `asked`: somebody has subscribed;
 * - `queued`, `granted`, `released`: what `trace()` says;
 * - `sent`: the browser has the request;
 * - `arrived`, `answered`, `refused`, `damage`, `note`: what the server says. `refused` is an answer with a status of 400 or above,
 *   or no answer, since the connection broke;
 * - `progress`: how far the actor has got, such as `2 of 4`;
 * - `done`, `failed`, `cancelled`, `hung`: the end for the one who asked. The server may go on.
 */
export type MomentKind =
  | 'asked'
  | 'queued'
  | 'granted'
  | 'released'
  | 'sent'
  | 'arrived'
  | 'answered'
  | 'refused'
  | 'damage'
  | 'note'
  | 'progress'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'hung';
