/** The context in which something that is kept for later has arrived. It runs a task there. */
export type ModelContext = (task: () => void) => void;

let capture: (() => ModelContext) | undefined;

export function captureModelContext(how: (() => ModelContext) | undefined): void {
  capture = how;
}

/** Captures the current context. The capture is foreign code: it may call any method, and may throw. */
export function contextOfNow(): ModelContext {
  return capture === undefined ? HERE : capture();
}

/** The context of what is not kept: the task runs where it is called. */
export const HERE: ModelContext = (task) => {
  task();
};

/** Runs a task in a context. If the context throws before the task has started, `otherwise` receives the error. */
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
