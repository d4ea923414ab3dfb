import type { Page } from 'playwright-core';

import { Environment } from './environment.node.js';

describe('the recipe for a rotating refresh token', () => {
  const environment = new Environment();
  const rounds = 20;

  async function threeTabs(): Promise<[Page, Page, Page]> {
    const first = await environment.open();
    await first.evaluate((tokens) => tab.recipe.writeTokens(tokens), environment.witness.session.tokens);
    return [first, await environment.openFrom(first), await environment.openFrom(first)];
  }

  const statuses = (page: Page): Promise<number[]> =>
    page.evaluate(() => Promise.all(['/data/1', '/data/2'].map((path) => tab.recipe.status(path))));

  it('refreshes once for all tabs, each time the token expires', async () => {
    const tabs = await threeTabs();
    const { session } = environment.witness;
    for (let round = 1; round <= rounds; round++) {
      session.expire();
      const all = await Promise.all(tabs.map(statuses));

      expect(all.flat())
        .withContext(`round ${String(round)}`)
        .toEqual(Array<number>(6).fill(200));
    }

    expect(session.refreshes).toBe(rounds);
    expect(session.refusals).toBe(0);
  });

  it('looks again if the server refuses to refresh', async () => {
    const [a, b] = await threeTabs();
    const { session } = environment.witness;
    session.expire();
    const tokens = session.refresh(session.tokens.refresh); // by a tab that has lost its lock meanwhile
    session.beforeRefusal = async () => {
      await b.evaluate((late) => tab.recipe.writeTokens(late), tokens ?? session.tokens);
    };

    expect(await statuses(a)).toEqual([200, 200]);
    expect(session.refreshes).toBe(1);
    expect(session.refusals).toBe(1);
  });

  it('fails if the session has ended', async () => {
    const [a] = await threeTabs();
    const { session } = environment.witness;
    session.refresh(session.tokens.refresh);

    await expectAsync(statuses(a)).toBeRejectedWithError(/the session has ended/);
  });
});
