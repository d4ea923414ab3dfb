import type { Observer } from 'rxjs';

/** An observer that pushes each notification into `record`, after its name. */
export function recorder<T>(record: { push: (word: string) => unknown }, name: string): Observer<T> {
  return {
    next: (value) => record.push(`${name}: ${describe(value)}`),
    error: (error: unknown) => record.push(`${name}: ${error instanceof Error ? error.name : String(error)}`),
    complete: () => record.push(`${name}: complete`),
  };
}

function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'release' in value) {
    return 'permit';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
