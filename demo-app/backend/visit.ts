import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

import type { ApiError, LogEntry } from './contract';
import type { RunState } from './runs';

/** What the handlers of a run get. `visit()` logs the arrival: call it when the input is valid. */
export interface Visiting {
  readonly Variables: { readonly run: RunState; readonly visit: () => Visit };
}

/** One request to a run. The server works on it to its end, whether its client still listens or not. */
export class Visit {
  private readonly request: string;

  constructor(
    private readonly context: Context,
    readonly run: RunState,
  ) {
    const { method, path } = context.req;
    this.request = `${method} ${path.replace(/^\/api\/runs\/[^/]+/, '')}`;
    this.add({ kind: 'arrived' });
  }

  note(text: string): void {
    this.add({ kind: 'note', text });
  }

  damage(text: string): void {
    this.add({ kind: 'damage', text });
  }

  /** Logs the answer, and makes it. */
  answer(body: object, status: ContentfulStatusCode = 200): Response {
    this.add({ kind: 'answered', status });
    return this.context.json(body, status);
  }

  refuse(status: ContentfulStatusCode, message: string): Response {
    const body: ApiError = { error: { status, message } };
    return this.answer(body, status);
  }

  private add(entry: Pick<LogEntry, 'kind' | 'text' | 'status'>): void {
    this.run.log.add({ request: this.request, ...entry });
  }
}
