import { Hono } from 'hono';

import type { Saved } from './contract';
import { delay, saveLatency } from './latency';
import { integer, record, text } from './problem';
import type { Visiting } from './visit';

const maxDocuments = 20;

/** The documents of one run, each with the edit that it holds. */
export class Documents {
  private readonly newest = new Map<string, number>();

  /** Saves an edit. Returns the newer edit that it has overwritten, if there is one. */
  commit(document: string, edit: number): number | undefined {
    const newest = this.newest.get(document) ?? 0;
    if (this.newest.size < maxDocuments || this.newest.has(document)) this.newest.set(document, Math.max(newest, edit));
    return newest > edit ? newest : undefined;
  }
}

/** `PUT /documents/:document/edits/:edit` with `{ "text": … }` saves a whole document after a latency. */
export const documents = new Hono<Visiting>().put('/documents/:document/edits/:edit', async (context) => {
  const { document } = context.req.param();
  const edit = integer(context.req.param('edit'), 'edit', 1, 1_000_000);
  text(record(await context.req.json())['text'], 'text', 10_000);
  const visit = context.var.visit();

  await delay(saveLatency(visit.run.seed, edit));
  const overwritten = visit.run.documents.commit(document, edit);
  if (overwritten !== undefined) visit.damage(`overwrote edit ${String(overwritten)}`);
  const saved: Saved = { edit };
  return visit.answer(saved);
});
