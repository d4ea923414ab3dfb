import { asyncScheduler, defer, map, scan, timestamp, type Observable, type Timestamp } from 'rxjs';

import type { TraceEvent, TraceStep } from '../index.js';

/** One character for each step. */
const symbols: Readonly<Record<TraceStep, string>> = {
  park: 'p',
  grant: 'g',
  cancel: 'x',
  release: 'r',
  downgrade: 'd',
  notify: 'n',
  repark: 'w',
  set: 's',
  clear: 'c',
  reset: 'o',
  abort: '#',
  resize: 'z',
  close: '|',
};

/** What fills the time after a step: until it is let in, while it is inside, and otherwise. */
const fillers: Partial<Readonly<Record<TraceStep, string>>> = { park: '.', repark: '.', grant: '=', downgrade: '=' };

/**
 * Draws a trace as marbles, one line for each who came: emits the whole diagram anew at each step.
 *
 * ```
 * 1 first     g===r
 * 2 second    -p..g==r
 * 3           --p.x
 * ```
 *
 * `p` parks, `g` is granted, `r` releases, `x` is cancelled, `w` is reparked by a condition, `d` downgrades; `.` waits and `=`
 * is inside. What concerns nobody in particular stands in a line of its own, `*`: `s` set, `c` clear, `n` notify, `z` resize,
 * `o` reset, `#` abort, `|` close, and `r` where units are released from outside. Several steps of one in one frame stand in
 * brackets, as RxJS writes them; where something happens before there is room for it, all lines are stretched.
 *
 * **Units.** A character is a millisecond after the subscription, as in `TestScheduler.run`.
 *
 * @example
 * const scheduler = new TestScheduler(() => undefined);
 *
 * scheduler.run(({ cold, flush }) => {
 *   const lock = new Lock();
 *   let diagram = '';
 *   marbleOf(trace(lock)).subscribe((drawn) => (diagram = drawn));
 *   cold('----|').pipe(withLock(lock, { label: 'first' })).subscribe();
 *   cold('---|').pipe(withLock(lock, { label: 'second' })).subscribe();
 *   flush();
 *   console.log(diagram);
 * });
 *
 * @param trace$ - what `trace` returns, or several of them, merged.
 */
export function marbleOf(trace$: Observable<TraceEvent>): Observable<string> {
  return defer(() => {
    const start = asyncScheduler.now();
    return trace$.pipe(
      timestamp(),
      map(({ value, timestamp: time }: Timestamp<TraceEvent>): Marble => ({ ...value, frame: time - start })),
      scan((marbles: readonly Marble[], marble) => [...marbles, marble], []),
      map(draw),
    );
  });
}

interface Marble extends TraceEvent {
  readonly frame: number;
}

function draw(marbles: readonly Marble[]): string {
  const lines = linesOf(marbles);
  const columns = columnsOf(lines);
  const width = Math.max(...[...lines.keys()].map((title) => title.length)) + 4;
  return [...lines].map(([title, line]) => title.padEnd(width) + drawLine(line, columns)).join('\n');
}

/** The steps in one frame of one line. */
type Line = Map<number, TraceStep[]>;

/** By their titles, in the order of their numbers; what concerns nobody comes last. */
function linesOf(marbles: readonly Marble[]): Map<string, Line> {
  const lines = new Map<string, Line>();
  for (const { waiter, label, frame, step } of [...marbles].sort((one, other) => rankOf(one) - rankOf(other))) {
    const title = waiter === undefined ? '*' : label === undefined ? String(waiter) : `${String(waiter)} ${label}`;
    const line = lines.get(title) ?? new Map<number, TraceStep[]>();
    // Stryker disable next-line ArrayDeclaration: what is no step is written as nothing
    lines.set(title, line.set(frame, [...(line.get(frame) ?? []), step]));
  }
  return lines;
}

function rankOf({ waiter = Number.MAX_SAFE_INTEGER }: Marble): number {
  return waiter;
}

/** In which column each frame is in which something happens: its own, unless brackets before it take more room. */
function columnsOf(lines: ReadonlyMap<string, Line>): Map<number, number> {
  const frames = [...new Set([...lines.values()].flatMap((line) => [...line.keys()]))].sort((one, other) => one - other);
  const columns = new Map<number, number>();
  let [column, before, room] = [0, 0, 0];
  for (const frame of frames) {
    column += Math.max(frame - before, room);
    columns.set(frame, column);
    before = frame;
    // Stryker disable next-line ArrayDeclaration: what is no step is written as nothing
    room = Math.max(...[...lines.values()].map((line) => written(line.get(frame) ?? []).length));
  }
  return columns;
}

function drawLine(line: Line, columns: ReadonlyMap<number, number>): string {
  let [drawn, filler] = ['', '-'];
  for (const [frame, steps] of line) {
    drawn = drawn.padEnd(Number(columns.get(frame)), filler) + written(steps);
    for (const step of steps) {
      filler = fillers[step] ?? '-';
    }
  }
  return drawn;
}

function written(steps: readonly TraceStep[]): string {
  const text = steps.map((step) => symbols[step]).join('');
  return text.length > 1 ? `(${text})` : text;
}
