import {
  defer,
  map,
  retry,
  tap,
  throwError,
  timer,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { Lock, Semaphore } from 'rxjs-locks';
import { concatMapByKey, exhaustMapLatest, throttleBySemaphore, withLock } from 'rxjs-locks/operators';

import { itMarbles } from '../support/marbles.js';

type Project = (text: string) => Observable<string>;

/** The operators whose source is the task, with room for one. */
const aroundTheTask: readonly (readonly [string, () => MonoTypeOperatorFunction<string>])[] = [
  ['withLock', () => withLock(new Lock())],
  ['throttleBySemaphore', () => throttleBySemaphore(new Semaphore(1))],
];

/** The operators that run a task for each value, one at a time. */
const withAProject: readonly (readonly [string, (project: Project) => OperatorFunction<string, string>])[] = [
  ['throttleBySemaphore', (project) => throttleBySemaphore(new Semaphore(1), project)],
  ['concatMapByKey', (project) => concatMapByKey(() => 'the key of all', project)],
  ['exhaustMapLatest', (project) => exhaustMapLatest(project)],
];

/** A request with another outcome each time that it is sent. */
function attempts(...outcomes: Observable<string>[]): Observable<string> {
  return defer(() => outcomes.shift() ?? throwError(() => 'sent too often'));
}

/** What docs/cancellation.md says about the position of `retry`: one row of its table for each `describe`. */
describe('Where retry goes', () => {
  for (const [name, create] of aroundTheTask) {
    describe(`with ${name}`, () => {
      itMarbles(
        'above it, keeps the permit of a save that fails, so saves land in order',
        ({ cold, expectSubscriptions, flush }) => {
          const oneAtATime = create();
          const landed: string[] = [];
          const failing = cold('    --#          ');
          const again = cold('        --(a|)     ');
          const newer = cold('          --(b|)   ');
          const failingSubs = '     ^-!          ';
          const againSubs = '       --^-!        ';
          const newerSubs = '       ----^-!      ';
          const older = attempts(failing, again).pipe(tap((text) => landed.push(text)));
          older.pipe(retry(3), oneAtATime).subscribe();
          newer
            .pipe(
              tap((text) => landed.push(text)),
              oneAtATime,
            )
            .subscribe();
          expectSubscriptions(failing.subscriptions).toBe(failingSubs);
          expectSubscriptions(again.subscriptions).toBe(againSubs);
          expectSubscriptions(newer.subscriptions).toBe(newerSubs);
          flush();
          expect(landed).toEqual(['a', 'b']);
        },
      );

      itMarbles('above it, holds the permit through the back-off', ({ cold, expectSubscriptions }) => {
        const oneAtATime = create();
        const failing = cold('    --#          ');
        const again = cold('           --|     ');
        const newer = cold('             --|   ');
        const againSubs = '       -----^-!     ';
        const newerSubs = '       -------^-!   ';
        const older = attempts(failing, again);
        older.pipe(retry({ count: 3, delay: 3 }), oneAtATime).subscribe();
        newer.pipe(oneAtATime).subscribe();
        expectSubscriptions(again.subscriptions).toBe(againSubs);
        expectSubscriptions(newer.subscriptions).toBe(newerSubs);
      });

      itMarbles(
        'below it, puts a save that fails at the end of the queue, so it lands last',
        ({ cold, expectSubscriptions, flush }) => {
          const oneAtATime = create();
          const landed: string[] = [];
          const failing = cold('    --#          ');
          const newer = cold('        --(b|)     ');
          const again = cold('          --(a|)   ');
          const failingSubs = '     ^-!          ';
          const newerSubs = '       --^-!        ';
          const againSubs = '       ----^-!      ';
          const older = attempts(failing, again).pipe(tap((text) => landed.push(text)));
          older.pipe(oneAtATime, retry(3)).subscribe();
          newer
            .pipe(
              tap((text) => landed.push(text)),
              oneAtATime,
            )
            .subscribe();
          expectSubscriptions(failing.subscriptions).toBe(failingSubs);
          expectSubscriptions(newer.subscriptions).toBe(newerSubs);
          expectSubscriptions(again.subscriptions).toBe(againSubs);
          flush();
          expect(landed).toEqual(['b', 'a']);
        },
      );

      itMarbles('below it, grants the permit to others during the back-off', ({ cold, expectSubscriptions }) => {
        const oneAtATime = create();
        const failing = cold('    --#          ');
        const newer = cold('        --|        ');
        const again = cold('           --|     ');
        const newerSubs = '       --^-!        ';
        const againSubs = '       -----^-!     ';
        const older = attempts(failing, again);
        older.pipe(oneAtATime, retry({ count: 3, delay: 3 })).subscribe();
        newer.pipe(oneAtATime).subscribe();
        expectSubscriptions(newer.subscriptions).toBe(newerSubs);
        expectSubscriptions(again.subscriptions).toBe(againSubs);
      });
    });
  }

  for (const [name, create] of withAProject) {
    describe(`with ${name} and a project`, () => {
      /** A request of two frames; the first one for `flawed` fails. */
      function requests(flawed: string): { landed: string[]; put: Project } {
        const landed: string[] = [];
        let failures = 1;
        const put: Project = (text) =>
          timer(2).pipe(
            map(() => {
              if (text === flawed && failures-- > 0) {
                throw new Error('503');
              }
              landed.push(text);
              return text;
            }),
          );
        return { landed, put };
      }

      itMarbles('inside the project, repeats the task that fails and no other, in order', ({ hot, expectObservable, flush }) => {
        const { landed, put } = requests('a');
        const edits = hot('   ab------c---|  ');
        const expected = '    ----a-b---c-|  ';
        expectObservable(edits.pipe(create((text) => put(text).pipe(retry(3))))).toBe(expected);
        flush();
        expect(landed).toEqual(['a', 'b', 'c']);
      });

      itMarbles('inside the project, keeps the others waiting during the back-off', ({ hot, expectObservable }) => {
        const { put } = requests('a');
        const edits = hot('   ab----------|  ');
        const expected = '    -------a-b--|  ';
        expectObservable(edits.pipe(create((text) => put(text).pipe(retry({ count: 3, delay: 3 }))))).toBe(expected);
      });

      itMarbles(
        'below it, loses the failed value of a hot source, and the waiting values',
        ({ hot, expectObservable, flush }) => {
          const { landed, put } = requests('a');
          const edits = hot('   ab------c---|  ');
          const expected = '    ----------c-|  ';
          expectObservable(edits.pipe(create(put), retry(3))).toBe(expected);
          flush();
          expect(landed).toEqual(['c']);
        },
      );

      itMarbles('below it, starts a cold source from its first value', ({ cold, expectObservable, flush }) => {
        const { landed, put } = requests('b');
        const edits = cold('  a--b--c----|     ');
        const expected = '    --a----a--b--c--|';
        expectObservable(edits.pipe(create(put), retry(3))).toBe(expected);
        flush();
        expect(landed).toEqual(['a', 'a', 'b', 'c']);
      });
    });
  }

  itMarbles('below concatMapByKey, ends the tasks of all other keys', ({ hot, cold, expectObservable, expectSubscriptions }) => {
    const edits = hot('       ab-----  ');
    const failing = cold('    --#      ');
    const other = cold('       ----|   ');
    const otherSubs = '       -^!      ';
    const expected = '        -------  ';
    const tasks = new Map([
      ['a', failing],
      ['b', other],
    ]);
    const save = (text: string): Observable<string> => tasks.get(text) ?? throwError(() => 'unknown');
    expectObservable(
      edits.pipe(
        concatMapByKey((text) => text, save),
        retry(3),
      ),
    ).toBe(expected);
    expectSubscriptions(other.subscriptions).toBe(otherSubs);
  });
});
