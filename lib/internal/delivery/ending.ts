/** How a task or a primitive ended: with an error, or without. */
export interface Ending {
  readonly failed: boolean;
  readonly error: unknown;
}

// Stryker disable next-line ObjectLiteral: undefined is as good as false
export const COMPLETED: Ending = { failed: false, error: undefined };

export function failedWith(error: unknown): Ending {
  return { failed: true, error };
}
