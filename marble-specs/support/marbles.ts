import { TestScheduler, type RunHelpers } from 'rxjs/testing';

/** The body of a spec that runs in the virtual time of a `TestScheduler`. */
export function marbles(run: (helpers: RunHelpers) => void): () => void {
  return () => {
    new TestScheduler((actual, expected) => {
      expect(actual).toEqual(expected);
    }).run(run);
  };
}
