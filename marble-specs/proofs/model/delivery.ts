import { throwError } from 'rxjs';

/**
 * The wake list in its simplest form: all notifications are appended to one list and delivered one after another, never one
 * inside another.
 */
const list: (() => void)[] = [];
let delivering = false;

export function append(...entries: (() => void)[]): void {
  list.push(...entries);
}

/** Delivers all entries of the list, unless a delivery is under way. */
export function deliver(): void {
  holding(() => undefined);
}

/** Delivers one entry: immediately if a delivery is under way, otherwise after the entries of the list. */
export function deliverNow(entry: () => void): void {
  if (delivering) {
    attempt(entry);
  } else {
    append(entry);
    deliver();
  }
}

/** Calls `act`, and then delivers the list. */
export function holding(act: () => void): void {
  if (delivering) {
    act();
    return;
  }
  delivering = true;
  try {
    act();
  } finally {
    const errors: unknown[] = [];
    for (let entry = list.shift(); entry !== undefined; entry = list.shift()) {
      try {
        entry();
      } catch (error) {
        errors.push(error);
      }
    }
    delivering = false;
    errors.forEach(report);
  }
}

function attempt(entry: () => void): void {
  try {
    entry();
  } catch (error) {
    report(error);
  }
}

/** Calls `last` at the end of a loop. Then throws the first error of the loop, and reports the others. */
export function endLoop(errors: unknown[], last: () => void = () => undefined): void {
  try {
    last();
  } catch (error) {
    errors.push(error);
  }
  const [first, ...others] = errors;
  others.forEach(report);
  if (errors.length > 0) {
    throw first;
  }
}

export function report(error: unknown): void {
  throwError(() => error).subscribe();
}
