import { Hono } from 'hono';

import type { Steps } from './contract';
import { integer, record, text } from './problem';
import { requestOf, type Visiting } from './visit';

const maxTerms = 1_000;

/**
 * The steps of a work that is to be done in one tab at a time. A term is the time in which one tab works. When a new term has begun,
 * no step of an older one must come any more.
 */
export class Terms {
  private readonly terms: string[] = [];
  private steps = 0;
  private late = 0;
  private lastAt = 0;
  private gap: number | null = null;

  constructor(private readonly now: () => number) {}

  /** Counts a step. Returns what is worth a line in the log. */
  step(tab: number, term: string): { readonly kind: 'note' | 'damage'; readonly text: string } | undefined {
    const isNew = !this.terms.includes(term);
    const isLate = !isNew && term !== this.terms.at(-1);
    this.steps += 1;
    if (isLate) {
      this.late += 1;
      return { kind: 'damage', text: `tab ${String(tab)} worked after another tab had begun` };
    }
    if (isNew) {
      this.gap = this.terms.length === 0 ? null : Math.round(this.now() - this.lastAt);
      this.terms.push(term);
      if (this.terms.length > maxTerms) this.terms.shift();
    }
    this.lastAt = this.now();
    return isNew ? { kind: 'note', text: `tab ${String(tab)} works` } : undefined;
  }

  get count(): Steps {
    return { steps: this.steps, terms: this.terms.length, late: this.late, gap: this.gap };
  }
}

/** `POST /steps` with `{ "tab": 1, "term": … }` counts a step. Only what changes is logged, since a tab can work for hours. */
export const steps = new Hono<Visiting>().post('/steps', async (context) => {
  const body = record(await context.req.json());
  const tab = integer(body['tab'], 'tab', 1, 1_000);
  const term = text(body['term'], 'term', 100);
  const { run } = context.var;
  const line = run.terms.step(tab, term);
  if (line !== undefined) run.log.add({ request: requestOf(context), ...line });
  return context.json(run.terms.count);
});
