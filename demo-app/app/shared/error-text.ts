import { HttpErrorResponse } from '@angular/common/http';

/** The text of an error for the user: the server's message, if there is one. */
export function errorText(error: unknown): string {
  if (!(error instanceof HttpErrorResponse)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return 'the server cannot be reached';
  return `${String(error.status)}: ${serverMessage(error.error) ?? 'the server gave no reason'}`;
}

function serverMessage(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined;
  return typeof error.message === 'string' ? error.message : undefined;
}
