import { Hono } from 'hono';

import type { Tokens } from './contract';
import { delay } from './latency';
import { integer, record, text } from './problem';
import type { Visiting } from './visit';

const maxTabs = 100;

/** All in milliseconds. */
const profileTakes = 20;
const refreshTakes = 40;
/** A 401 waits so long for the requests of the other tabs. */
const patience = 1_000;

/** The tokens of a session that several tabs share. Each refresh token works once, and its successor comes with the answer. */
export class Rotation {
  private generation = 1;
  private isExpired = true;
  private missing = 0;
  private allHere = Promise.resolve();
  private open: () => void = () => undefined;

  get tokens(): Tokens {
    return { access: `access-${String(this.generation)}`, refresh: `refresh-${String(this.generation)}` };
  }

  /** The access token becomes invalid. Then so many tabs send a request. */
  expire(tabs: number): void {
    this.isExpired = true;
    this.missing = tabs;
    this.allHere = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  isValid(authorization: string | undefined): boolean {
    return !this.isExpired && authorization === `Bearer ${this.tokens.access}`;
  }

  /** All tabs get their 401 at one time: when the last request has come. */
  async untilRefused(): Promise<void> {
    this.missing -= 1;
    if (this.missing <= 0) this.open();
    await Promise.race([this.allHere, delay(patience)]);
  }

  /** Returns whether the token was accepted. */
  refresh(token: string): boolean {
    if (token !== this.tokens.refresh) return false;
    this.generation += 1;
    this.isExpired = false;
    return true;
  }
}

/**
 * `POST /rotation/expire` with `{ "tabs": 2 }` makes the access token invalid, and gives the tokens that the tabs have.
 * `GET /profile/:tab` needs a valid access token. `POST /rotation/refresh/:tab` with `{ "refresh": … }` gives new tokens.
 */
export const rotation = new Hono<Visiting>()
  .post('/rotation/expire', async (context) => {
    const tabs = integer(record(await context.req.json())['tabs'], 'tabs', 1, maxTabs);
    const visit = context.var.visit();
    visit.run.rotation.expire(tabs);
    return visit.answer(visit.run.rotation.tokens);
  })
  .get('/profile/:tab', async (context) => {
    integer(context.req.param('tab'), 'tab', 1, maxTabs);
    const visit = context.var.visit();
    const current = visit.run.rotation;
    if (current.isValid(context.req.header('Authorization'))) {
      await delay(profileTakes);
      return visit.answer({});
    }
    await current.untilRefused();
    return visit.refuse(401, 'the access token is not valid');
  })
  .post('/rotation/refresh/:tab', async (context) => {
    integer(context.req.param('tab'), 'tab', 1, maxTabs);
    const token = text(record(await context.req.json())['refresh'], 'refresh', 100);
    const visit = context.var.visit();
    await delay(refreshTakes);
    const current = visit.run.rotation;
    if (current.refresh(token)) return visit.answer(current.tokens);
    const reason = 'the refresh token was used before';
    visit.damage(reason);
    return visit.refuse(400, reason);
  });
