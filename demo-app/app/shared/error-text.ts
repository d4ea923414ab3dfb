import { HttpErrorResponse } from '@angular/common/http';

/** What to tell a person: the server's own words where it has some. */
export function errorText(error: unknown): string {
  if (!(error instanceof HttpErrorResponse)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return 'the server cannot be reached';
  return `${String(error.status)}: ${serverWords(error.error) ?? 'the server gave no reason'}`;
}

function serverWords(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined;
  return typeof error.message === 'string' ? error.message : undefined;
}
