import { Hono } from 'hono';

import { between, delay } from './latency';
import { integer, oneOf, record, text } from './problem';
import type { Visiting } from './visit';

/**
 * What goes wrong in a run: nothing; the first refresh is answered with 503; the caller of item 1 leaves, which only the page knows;
 * item 20 is answered late with a 401; the refresh token is not valid any more.
 */
const troubles = ['none', 'refresh-fails', 'caller-leaves', 'late-401', 'session-dead'] as const;

type Trouble = (typeof troubles)[number];

/** The last item, whose 401 can be late. */
const lastItem = 20;

/** The session of a run. Its access token has expired when the run begins. Each refresh replaces both tokens. */
export class Session {
  trouble: Trouble = 'none';
  private generation = 0;
  private attempts = 0;

  isValid(authorization: string | undefined): boolean {
    return this.generation > 0 && authorization === `Bearer access-${String(this.generation)}`;
  }

  /** Whether the access token is valid: there is no need of a refresh then. */
  get isFresh(): boolean {
    return this.generation > 0;
  }

  /** Returns the status of a refresh. */
  refresh(token: string): 200 | 400 | 503 {
    this.attempts += 1;
    if (this.trouble === 'refresh-fails' && this.attempts === 1) return 503;
    if (this.trouble === 'session-dead' || token !== this.tokens.refresh) return 400;
    this.generation += 1;
    return 200;
  }

  get tokens(): { readonly access: string; readonly refresh: string } {
    return { access: `access-${String(this.generation)}`, refresh: `refresh-${String(this.generation)}` };
  }
}

/** Item 1 is the first that is answered, so its caller begins the refresh. */
function itemLatency(seed: number, item: number, isLate: boolean): number {
  if (item === 1) return 30;
  return isLate ? 1_300 : between(60, 130, seed, item);
}

/**
 * `POST /session` with `{ "trouble": … }` begins a session and gives its tokens. `GET /items/:item` needs a valid access token.
 * `POST /session/refresh` with `{ "refresh": … }` gives new tokens.
 */
export const session = new Hono<Visiting>()
  .post('/session', async (context) => {
    const trouble = oneOf(record(await context.req.json())['trouble'], 'trouble', troubles);
    const visit = context.var.visit();
    visit.run.session.trouble = trouble;
    return visit.answer(visit.run.session.tokens);
  })
  .get('/items/:item', async (context) => {
    const item = integer(context.req.param('item'), 'item', 1, lastItem);
    const visit = context.var.visit();
    const { run } = visit;
    const isValid = run.session.isValid(context.req.header('Authorization'));
    await delay(itemLatency(run.seed, item, !isValid && item === lastItem && run.session.trouble === 'late-401'));
    return isValid ? visit.answer({ item }) : visit.refuse(401, 'the access token is not valid');
  })
  .post('/session/refresh', async (context) => {
    const token = text(record(await context.req.json())['refresh'], 'refresh', 100);
    const visit = context.var.visit();
    const current = visit.run.session;
    if (current.isFresh) visit.damage('replaced a valid token');
    await delay(600);
    const status = current.refresh(token);
    if (status === 200) return visit.answer(current.tokens);
    return visit.refuse(status, status === 503 ? 'the server cannot refresh now' : 'the refresh token is not valid');
  });
