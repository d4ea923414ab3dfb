import { Hono } from 'hono';

import { outage, type Saved } from './contract';
import { between, delay } from './latency';
import { integer, record, text } from './problem';
import type { Visiting } from './visit';

/**
 * When the server of the drafts is down. Edits come in threes: with the first one of the edits 4 to 6 that arrives, and with the
 * first of each three from edit 10 on, it goes down for a while. So the last edit of twelve is refused at its first try,
 * whatever the pace.
 */
export class Drafts {
  private three = 0;
  private upAgainAt = 0;

  constructor(private readonly now: () => number) {}

  /** Notes that an edit has arrived. Returns whether the server goes down with it. */
  arrive(edit: number): boolean {
    const three = Math.ceil(edit / 3);
    const goesDown = three > this.three && (three === 2 || three > 3);
    if (goesDown) {
      this.three = three;
      this.upAgainAt = this.now() + outage;
    }
    return goesDown;
  }

  isDown(): boolean {
    return this.now() < this.upAgainAt;
  }
}

/** `PUT /drafts/:edit` with `{ "text": … }` saves a draft after a latency, or refuses it with 503. */
export const drafts = new Hono<Visiting>().put('/drafts/:edit', async (context) => {
  const edit = integer(context.req.param('edit'), 'edit', 1, 1_000_000);
  text(record(await context.req.json())['text'], 'text', 10_000);
  const visit = context.var.visit();
  const { drafts, seed } = visit.run;

  if (drafts.arrive(edit)) visit.note(`down for ${String(outage / 1_000)} s`);
  const isDown = drafts.isDown();
  await delay(between(60, 120, seed, edit));
  if (isDown) return visit.refuse(503, 'the server is down');
  const saved: Saved = { edit };
  return visit.answer(saved);
});
