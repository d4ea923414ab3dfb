import { readdirSync, readFileSync } from 'node:fs';

/**
 * Each case: its id, its numbers in the trackers where it was a bug, and CPython's tests of it. An id is the kind of the primitive
 * and a number: L Lock, S Semaphore, E Event, C Condition, B Barrier, Q Queue, X several. The title of its spec says what it is.
 */
const cases: readonly string[] = [
  'L1 bpo-27585, python/asyncio #467, test_finished_waiter_cancelled',
  'L2 bpo-32734, gh-76915, test_cancel_release_race',
  'L3 test_cancel_race',
  'L4 python/asyncio #486, trio #54',
  'L5',
  'L6 gh-97028, gh-138121',
  'L7 test_acquire_cancel',
  'L8 anyio #1145',
  'L10 anyio #398, httpcore #454',
  'S1 bpo-45997, gh-90155, test_acquire_fifo_order, test_acquire_fifo_order_2, test_acquire_fifo_order_3',
  'S2 gh-90155, test_acquire_no_hang, test_acquire_hang',
  'S3 gh-97545',
  'S4 gh-111693, test_acquire_fifo_order_4',
  'S5',
  'S6 test_acquire_cancel_before_awoken',
  'S7 python/asyncio #270, #271',
  'S8',
  'S9',
  'S10 go#37852, embassy #6964, go#80183',
  'S11 anyio #1170, #947',
  'S12 anyio #1019, #1183',
  'S13 trio #548',
  'E1 gh-101359, test_clear_with_waiters',
  'E2',
  'E3 anyio #536',
  'E5 cocotb #4675',
  'C1',
  'C2 bpo-22970, python/asyncio #346, test_wait_cancel_contested',
  'C3 bpo-32841, gh-77022, test_wait_cancel_after_notify',
  'C5 gh-112202, anyio #1075, test_cancelled_wakeup, test_cancelled_wakeup_relock',
  'C6 bpo-33638, gh-77819, bpo-39032, gh-83213, bpo-42600, gh-86766',
  'C7',
  'C8',
  'C9',
  'C10',
  'C11 bpo-45416, anyio #1319, test_explicit_lock',
  'B1 gh-155233',
  'B2 test_filling_tasks_cancel_one',
  'B3',
  'B4',
  'X1',
  'X2',
  'X3',
  'X4',
  'X5 rxjs #7443',
  'X6',
  'X7',
  'X8',
  'X9',
  'X10',
  'X11',
  'X13',
];

/** The cases that do not apply, and why. */
const notHere: Readonly<Record<string, string>> = {
  'L9 anyio #798': 'a lock does not know its owner, and is not reentrant',
  'E4 bpo-30490, gh-74675': 'an event is set without a value, and error(e) closes it',
  'C4 gh-111693': 'to unsubscribe takes no reason that could be raised again',
  'Q1 gh-96471': 'there is no queue',
  X12: 'run() alone takes a signal, and stops listening to it when the wait ends',
};

const root = new URL('../../', import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

/** The names of the specs in a file of this folder. */
function specsIn(file: string): string[] {
  const names = read(`marble-specs/parity/${file}`).matchAll(/\bit(?:Marbles)?\)?\(\s*(['"`])(.*?)\1,/g);
  return [...names].map(([, , name = '']) => name);
}

/** The first column of the table of differences. */
function rowsOfDifferences(): string[] {
  const [, table = ''] = /^## Where it differs, and why\n\n((?:\|.*\n)+)/m.exec(read('docs/python.md')) ?? [];
  const [, , ...rows] = table.trim().split('\n');
  return rows.map((row) => row.split('|')[1]?.trim() ?? '');
}

function idOf(text: string): string {
  return /^[A-Z]\d+/.exec(text)?.[0] ?? '';
}

describe('The parity specs', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter(
    (file) => file.endsWith('.spec.ts') && !file.endsWith('.node.spec.ts') && file !== 'differences.spec.ts',
  );
  // The text before the colon: the id, numbers and tests.
  const labels = files.flatMap(specsIn).map((name) => name.split(': ')[0] ?? '');

  for (const each of cases) {
    it(`include one that is named after ${each}`, () => {
      const id = idOf(each);
      const named = labels.filter((label) => idOf(label) === id).flatMap((label) => label.split(/,? /));
      for (const word of each.split(/,? /)) {
        expect(named).toContain(word);
      }
    });
  }

  it('are all named after a case, and never after a case that does not apply', () => {
    const ids = cases.map(idOf);
    expect(labels.filter((label) => !ids.includes(idOf(label)))).toEqual([]);
    expect(Object.keys(notHere).filter((each) => ids.includes(idOf(each)))).toEqual([]);
  });

  it('include each case from the first to the last of its kind, or name a reason', () => {
    const known = [...cases, ...Object.keys(notHere)].map(idOf);
    const expected = Object.entries({ L: 10, S: 13, E: 5, C: 11, B: 4, Q: 1, X: 13 }).flatMap(([kind, count]) =>
      Array.from({ length: count }, (_, index) => `${kind}${String(index + 1)}`),
    );
    expect(known.sort()).toEqual(expected.sort());
  });

  it('show exactly the differences from asyncio that the documentation names', () => {
    const rows = rowsOfDifferences();
    expect(rows.length).toBeGreaterThan(0);
    expect(specsIn('differences.spec.ts').map((name) => name.split(': ')[0] ?? '')).toEqual(rows);
  });
});
