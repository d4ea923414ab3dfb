/** A bug that is planted, and that specs must find. */
export interface Fault {
  /** What is broken. */
  readonly title: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The specs that should fail, by a part of their names. */
  readonly specs: string;
}
