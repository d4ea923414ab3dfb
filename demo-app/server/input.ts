import type { Edit } from '../api';
import { HttpProblem } from './http-problem';

/** Validates all input of clients. Invalid input is refused with status 400. */

const maxTextLength = 10_000;

export function integer(value: unknown, name: string, lowest: number, highest: number): number {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < lowest || number > highest) {
    throw new HttpProblem(400, `${name} must be an integer from ${String(lowest)} to ${String(highest)}`);
  }
  return number;
}

export function identifier(value: unknown, name: string): string {
  if (typeof value !== 'string' || !/^[\w-]{1,40}$/.test(value)) {
    throw new HttpProblem(400, `${name} must be 1 to 40 letters, digits, _ or -`);
  }
  return value;
}

export function flag(value: unknown, name: string): boolean {
  if (value !== undefined && value !== 'true' && value !== 'false') {
    throw new HttpProblem(400, `${name} must be true or false`);
  }
  return value === 'true';
}

export function edit(value: unknown): Edit {
  const { revision, text } = record(value);
  if (typeof text !== 'string' || text.length > maxTextLength) {
    throw new HttpProblem(400, `text must be a string of at most ${String(maxTextLength)} characters`);
  }
  return { revision: integer(revision, 'revision', 1, 1_000_000), text };
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpProblem(400, 'the body must be a JSON object');
  }
  return { ...value };
}
