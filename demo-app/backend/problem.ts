import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** An error with an HTTP status. The backend sends it as JSON. */
export class Problem extends HTTPException {
  constructor(status: ContentfulStatusCode, message: string) {
    super(status, { message });
  }
}

export function integer(value: unknown, name: string, lowest: number, highest: number): number {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < lowest || number > highest) {
    throw new Problem(400, `${name} must be an integer from ${String(lowest)} to ${String(highest)}`);
  }
  return number;
}

export function text(value: unknown, name: string, longest: number): string {
  if (typeof value !== 'string' || value.length > longest) {
    throw new Problem(400, `${name} must be a string of at most ${String(longest)} characters`);
  }
  return value;
}

export function oneOf<T extends string>(value: unknown, name: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new Problem(400, `${name} must be one of ${allowed.join(', ')}`);
  return found;
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem(400, 'the body must be a JSON object');
  }
  return { ...value };
}
