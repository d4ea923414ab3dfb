import { Hono } from 'hono';

import { between, delay } from './latency';
import { integer, oneOf, record, text } from './problem';
import type { RunState } from './runs';
import type { Visiting } from './visit';

/**
 * What goes wrong in a run: nothing; the first refresh is answered with 503; the caller of item 1 leaves, which only the page knows;
 * the 401 of item 20 comes after the refresh; the refresh token is not valid any more.
 */
const troubles = ['none', 'refresh-fails', 'caller-leaves', 'late-401', 'session-dead'] as const;

type Trouble = (typeof troubles)[number];

/** The last item, whose 401 can be late. */
const lastItem = 20;

/** All in milliseconds. */
const refreshTakes = 600;
const lateness = 400;
/** A 401 waits so long for a refresh: a client need not refresh at all. */
const patience = 2_000;

/** The session of a run. Its access token has expired when the run begins. Each refresh replaces both tokens. */
export class Session {
  trouble: Trouble = 'none';
  /** Completes when the first refresh has begun. */
  readonly begun = new Milestone();
  /** Completes when the first refresh has its answer. */
  readonly refreshed = new Milestone();
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

/** Something that happens once. */
class Milestone {
  come: () => void = () => undefined;
  private readonly promise = new Promise<void>((resolve) => {
    this.come = resolve;
  });

  /** Resolves when it has come, or after a while. */
  within(milliseconds: number): Promise<unknown> {
    return Promise.race([this.promise, delay(milliseconds)]);
  }
}

/**
 * When a 401 is given. The caller of item 1 begins the refresh, and the others get their 401 while it goes on, on a busy machine too:
 *
 * ```
 *   item 1        ---401
 *   refresh          |--------------- 200
 *   items 2 to 20    |--401
 *   a late item 20   |-------------------|----401
 * ```
 */
async function untilRefused({ session, seed }: RunState, item: number): Promise<void> {
  if (item === 1) {
    await delay(30);
  } else if (item === lastItem && session.trouble === 'late-401') {
    await session.refreshed.within(patience);
    await delay(lateness);
  } else {
    await Promise.all([session.begun.within(patience), itemLatency(seed, item)]);
  }
}

function itemLatency(seed: number, item: number): Promise<void> {
  return delay(between(60, 130, seed, item));
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
    if (run.session.isValid(context.req.header('Authorization'))) {
      await itemLatency(run.seed, item);
      return visit.answer({ item });
    }
    await untilRefused(run, item);
    return visit.refuse(401, 'the access token is not valid');
  })
  .post('/session/refresh', async (context) => {
    const token = text(record(await context.req.json())['refresh'], 'refresh', 100);
    const visit = context.var.visit();
    const current = visit.run.session;
    if (current.isFresh) visit.damage('replaced a valid token');
    current.begun.come();
    await delay(refreshTakes);
    const status = current.refresh(token);
    current.refreshed.come();
    if (status === 200) return visit.answer(current.tokens);
    return visit.refuse(status, status === 503 ? 'the server cannot refresh now' : 'the refresh token is not valid');
  });
