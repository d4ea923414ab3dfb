/** The context in which something that is kept for later has come: runs a task there. */
export type ModelContext = (task: () => void) => void;

let capture: (() => ModelContext) | undefined;

export function captureModelContext(how: (() => ModelContext) | undefined): void {
  capture = how;
}

/** The context of this moment. What it takes to find out is foreign code: it may do anything, and may throw. */
export function contextOfNow(): ModelContext {
  return capture === undefined ? HERE : capture();
}

/** The context of what is not kept: it goes on wherever it is. */
export const HERE: ModelContext = (task) => {
  task();
};

/** Runs a task in a context; where that throws before the task has begun, it does something else with the error. */
export function runIn(context: ModelContext, task: () => void, otherwise: (error: unknown) => void): void {
  const begun: true[] = [];
  try {
    context(() => {
      begun.push(true);
      task();
    });
  } catch (error) {
    if (begun.length > 0) {
      throw error;
    }
    otherwise(error);
  }
}

/** A value that is kept for later. */
export interface Kept<T> {
  readonly value: T;
  context: ModelContext;
}
