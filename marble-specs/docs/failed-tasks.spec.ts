import { catchError, of, throwError, type Observable, type OperatorFunction } from 'rxjs';
import { Semaphore } from 'rxjs-locks';
import { concatMapByKey, exhaustMapLatest, throttleBySemaphore } from 'rxjs-locks/operators';

import { itMarbles } from '../support/marbles.js';

type Project = (text: string) => Observable<string>;

const operators: readonly (readonly [string, (project: Project) => OperatorFunction<string, string>])[] = [
  ['throttleBySemaphore', (project) => throttleBySemaphore(new Semaphore(1), project)],
  ['concatMapByKey', (project) => concatMapByKey(() => 'the key of all', project)],
  ['exhaustMapLatest', (project) => exhaustMapLatest(project)],
];

/** What the recipes for streams say about errors. */
describe('A task that fails', () => {
  for (const [name, create] of operators) {
    itMarbles(
      `ends the stream of ${name}: waiting and later values do not run`,
      ({ hot, cold, expectObservable, expectSubscriptions }) => {
        const edits = hot('       ab----c---|  ');
        const failing = cold('    --#          ');
        const b = cold('            --(b|)     ');
        const c = cold('                --(c|) ');
        const expected = '        --#          ';
        const tasks = new Map([
          ['a', failing],
          ['b', b],
          ['c', c],
        ]);
        expectObservable(edits.pipe(create((text) => tasks.get(text) ?? throwError(() => 'unknown')))).toBe(expected);
        expectSubscriptions(b.subscriptions).toBe([]);
        expectSubscriptions(c.subscriptions).toBe([]);
      },
    );

    itMarbles(
      `becomes a value of ${name} if its project catches the error, and the others run`,
      ({ hot, cold, expectObservable }) => {
        const edits = hot('       ab----c---|  ');
        const failing = cold('    --#          ');
        const b = cold('            --(b|)     ');
        const c = cold('                --(c|) ');
        const expected = '        --x-b---c-|  ';
        const tasks = new Map([
          ['a', failing],
          ['b', b],
          ['c', c],
        ]);
        const save = (text: string): Observable<string> => tasks.get(text) ?? throwError(() => 'unknown');
        expectObservable(edits.pipe(create((text) => save(text).pipe(catchError(() => of('x')))))).toBe(expected);
      },
    );
  }

  itMarbles(
    'ends the tasks of all other keys too, with concatMapByKey',
    ({ hot, cold, expectObservable, expectSubscriptions }) => {
      const edits = hot('       ab-----  ');
      const failing = cold('    --#      ');
      const other = cold('       ----|   ');
      const otherSubs = '       -^!      ';
      const expected = '        --#      ';
      const tasks = new Map([
        ['a', failing],
        ['b', other],
      ]);
      expectObservable(
        edits.pipe(
          concatMapByKey(
            (text) => text,
            (text) => tasks.get(text) ?? throwError(() => 'unknown'),
          ),
        ),
      ).toBe(expected);
      expectSubscriptions(other.subscriptions).toBe(otherSubs);
    },
  );
});
