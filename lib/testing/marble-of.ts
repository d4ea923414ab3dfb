/**
 * The diagram is kept as a tree of lines, in which each node knows the text of its subtree. A step changes one line,
 * and the texts of the nodes above it. Engines join long strings without copying them (as ropes). So a step costs the
 * same in a small diagram and in a large one, apart from the depth of the tree. A diagram is copied when it is read.
 */
import { asyncScheduler, defer, map, type Observable } from 'rxjs';

import type { TraceEvent, TraceStep } from '../index.js';
import { shown } from '../internal/checks/shown.js';
import { SortedMap, summarizeUp, TreeNode } from '../internal/queue/sorted-map.js';

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

/** The filler of the time after a step: while it waits, while it holds, and otherwise. */
const fillers: Partial<Readonly<Record<TraceStep, string>>> = { park: '.', repark: '.', grant: '=', downgrade: '=' };

/**
 * Draws a trace as marbles, with one line for each waiter: emits the diagram of all steps so far after each step.
 *
 * ```
 * 1 first     g===r
 * 2 second    -p..g==r
 * 3           --p.x
 * ```
 *
 * The letters of a waiter are: `p` parks, `g` is granted, `r` releases, `x` is cancelled, `w` is reparked by a
 * condition, `d` downgrades. `.` fills the time in which it waits, and `=` the time in which it holds. Steps of the
 * primitive itself stand in a line of their own, `*`: `s` set, `c` clear, `n` notify, `z` resize, `o` reset, `#` abort,
 * `|` close, and `r` where units are released from outside. Several steps of one line in one frame stand in brackets,
 * as RxJS writes them. If the steps of a frame need more room than the diagram has, all lines are stretched.
 *
 * **Names.** A line is named by its waiter's number, by its keys at a keyed lock, and by its label. As soon as the
 * trace has several primitives, each line begins with the kind and the name of its primitive. The second primitive with
 * the same kind and name is `#2`:
 *
 * ```
 * lock "a" 1       g===r
 * lock "a" 2       -p..g
 * lock "a" #2 1    g=r
 * event *          --s
 * ```
 *
 * **Order.** Primitives stand in the order of their first steps. The lines of a primitive stand in the order of their
 * numbers, and `*` comes last.
 *
 * **Limits.** It is for virtual time and for short runs: in real time a second takes a thousand characters.
 *
 * **Units.** A character is a millisecond after the subscription, as in `TestScheduler.run`.
 *
 * **Costs.** The cost of a step is small, however long the diagram is. Reading a diagram costs its length, so read only
 * the last one.
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
    const diagram = new Diagram();
    const start = asyncScheduler.now();
    return trace$.pipe(map((event) => diagram.draw(event, asyncScheduler.now() - start)));
  });
}

/** How the titles of all lines are written. */
interface Layout {
  /** Whether a title begins with the name of the primitive. */
  inFull: boolean;
  width: number;
}

/** The lines of one primitive. */
interface Section {
  readonly name: string;
  /** The rank of a line is its waiter's number above this one. */
  readonly rank: number;
}

/** No primitive has as many waiters: `*` has this number. */
const LAST = 2 ** 32 - 1;

const GAP = 4;

class Line extends TreeNode {
  /** The lines of its subtree. Set when it is inserted. */
  text!: string;

  private readonly name: string;
  private drawn = '';
  private filler = '-';
  /** The last frame in which it has steps. They are not part of `drawn` yet. */
  private frame = -1;
  private steps = '';

  constructor(
    rank: number,
    private readonly layout: Readonly<Layout>,
    private readonly section: Section,
    { waiter, keys = [], label }: TraceEvent,
  ) {
    super(rank);
    const names = [waiter === undefined ? '*' : String(waiter), keys.map(shown).join(', '), label ?? ''];
    this.name = names
      .filter((name) => name !== '')
      .join(' ')
      .replaceAll(/\s+/g, ' ');
  }

  get title(): string {
    return this.layout.inFull ? `${this.section.name} ${this.name}` : this.name;
  }

  /** Appends a step; returns the width of its steps in this frame. */
  append(step: TraceStep, frame: number, column: number): number {
    if (frame > this.frame) {
      this.drawn = (this.drawn + this.written()).padEnd(column, this.filler);
      this.steps = '';
      this.frame = frame;
    }
    this.steps += symbols[step];
    this.filler = fillers[step] ?? '-';
    return this.written().length;
  }

  override summarize(): void {
    const { left, right, title, layout } = this;
    const above = left === undefined ? '' : `${left.text}\n`;
    const below = right === undefined ? '' : `\n${right.text}`;
    this.text = above + title.padEnd(layout.width) + this.drawn + this.written() + below;
  }

  private written(): string {
    return this.steps.length > 1 ? `(${this.steps})` : this.steps;
  }
}

class Diagram {
  private readonly lines = new SortedMap<Line>();
  private readonly layout: Layout = { inFull: false, width: 0 };
  private readonly sections = new Map<unknown, Section>();
  private readonly namesakes = new Map<string, number>();

  // All frames before `frame` are drawn, and `frame` begins in `column`. Its steps take `room` characters so far.
  private frame = 0;
  private column = 0;
  private room = 0;

  /** Draws a step, and returns the diagram. */
  draw(event: TraceEvent, now: number): string {
    // A clock that is set back does not move the diagram back.
    if (now > this.frame) {
      this.column += Math.max(now - this.frame, this.room);
      this.frame = now;
      this.room = 0;
    }
    const line = this.lineOf(event);
    this.room = Math.max(this.room, line.append(event.step, this.frame, this.column));
    summarizeUp(this.lines.root, line);
    // Stryker disable next-line OptionalChaining: there is a line
    return String(this.lines.root?.text);
  }

  private lineOf(event: TraceEvent): Line {
    const { primitive, waiter = LAST } = event;
    const section = this.sections.get(primitive) ?? this.addSection(primitive);
    const rank = section.rank + waiter;
    return this.lines.get(rank) ?? this.addLine(new Line(rank, this.layout, section, event));
  }

  private addSection(primitive: unknown): Section {
    const kindAndName = String(primitive).replaceAll(/\s+/g, ' ');
    const namesake = (this.namesakes.get(kindAndName) ?? 0) + 1;
    this.namesakes.set(kindAndName, namesake);
    const name = namesake === 1 ? kindAndName : `${kindAndName} #${String(namesake)}`;
    const section: Section = { name, rank: this.sections.size * 2 ** 32 };
    this.sections.set(primitive, section);
    if (this.sections.size === 2) {
      this.layout.inFull = true;
      forEach(this.lines.root, (line) => {
        this.makeRoom(line);
      });
    }
    return section;
  }

  private addLine(line: Line): Line {
    this.lines.insert(line);
    this.makeRoom(line);
    return line;
  }

  /** Moves all lines to the right if a title is longer than all titles before. */
  private makeRoom({ title }: Line): void {
    const width = title.length + GAP;
    // Stryker disable next-line EqualityOperator: it saves steps, and draws nothing else
    if (width > this.layout.width) {
      this.layout.width = width;
      forEach(this.lines.root, (line) => {
        line.summarize();
      });
    }
  }
}

/** Visits each line of a subtree after the lines below it. */
function forEach(line: Line | undefined, visit: (line: Line) => void): void {
  if (line !== undefined) {
    forEach(line.left, visit);
    forEach(line.right, visit);
    visit(line);
  }
}
