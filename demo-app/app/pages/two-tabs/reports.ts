import type { Moment, MomentKind } from '../../run/moment';
import type { Seat } from './room';

/** What a tab says of itself. All tabs of a room collect the reports, and draw the same lanes. */
export interface Report extends Seat {
  /** In milliseconds since 1970: the clock that all tabs share. */
  readonly at: number;
  readonly kind: MomentKind;
  readonly text?: string;
  /** The run of refreshes to which it belongs. Without one, it belongs to the work. */
  readonly run?: string;
}

/** The reports of both lists, each of them once, in their order. The text of a tab that has gone is the same in all tabs. */
export function merged(known: readonly Report[], more: readonly Report[]): readonly Report[] {
  const keys = new Set(known.map(keyOf));
  const fresh = more.filter((report) => {
    const key = keyOf(report);
    return !keys.has(key) && keys.add(key);
  });
  return fresh.length === 0 ? known : [...known, ...fresh].sort((one, other) => one.at - other.at);
}

function keyOf({ life, kind, text = '', at }: Report): string {
  return kind === 'cancelled' ? `${life} has gone` : `${life} ${kind} ${text} ${String(at)}`;
}

/** What the lanes of the work, or of a run of refreshes, are drawn from. The first moment is at 0. */
export function momentsOf(reports: readonly Report[], run: string | undefined, nameOf: (seat: Seat) => string): Moment[] {
  const own = reports.filter((report) => report.run === run);
  const start = own[0]?.at ?? Infinity;
  const gone = reports.filter(({ run: of, kind, at }) => of !== run && kind === 'cancelled' && at >= start);
  return merged(own, gone).map(({ at, kind, text, ...seat }) => ({
    at: at - start,
    actor: nameOf(seat),
    kind,
    ...(text !== undefined && { text }),
  }));
}

/** The tab that works, if any. */
export function workerIn(reports: readonly Report[]): Seat | undefined {
  let worker: Seat | undefined;
  for (const { run, kind, life, tab } of reports) {
    if (run !== undefined) continue;
    if (kind === 'granted') worker = { life, tab };
    else if (worker?.life === life && (kind === 'released' || kind === 'cancelled')) worker = undefined;
  }
  return worker;
}

/** The last error with which a section ended. */
export function lossIn(reports: readonly Report[]): string | undefined {
  const loss = reports.filter(({ run, kind }) => run === undefined && kind === 'failed').at(-1);
  return loss === undefined ? undefined : `Tab ${String(loss.tab)}: ${loss.text ?? ''}`;
}
