import { TestScheduler, type RunHelpers } from 'rxjs/testing';

/** Runs marble assertions in the virtual time of a `TestScheduler`. */
export function marbles(run: (helpers: RunHelpers) => void): void {
  new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  }).run(run);
}

/** A spec that runs in the virtual time of a `TestScheduler`. */
export function itMarbles(expectation: string, run: (helpers: RunHelpers) => void): void {
  it(expectation, () => {
    marbles(run);
  });
}
