import { throwError } from 'rxjs';

/**
 * Law 5, in its plainest form: what others must hear is put on one list, and told from it one after another, never one
 * inside another.
 */
const list: (() => void)[] = [];
let telling = false;

export function append(...entries: (() => void)[]): void {
  list.push(...entries);
}

/** Tells all that is on the list, unless that is being done already. */
export function deliver(): void {
  holding(() => undefined);
}

/** Tells one: on the spot where something is being told already, else after what is on the list. */
export function deliverNow(entry: () => void): void {
  if (telling) {
    attempt(entry);
  } else {
    append(entry);
    deliver();
  }
}

/** Does something first, and tells what is on the list then. */
export function holding(act: () => void): void {
  if (telling) {
    act();
    return;
  }
  telling = true;
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
    telling = false;
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

/** Does the last thing of a loop; then the first error of the loop is thrown, and the others are reported. */
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
