import type { Page } from 'playwright-core';

import { enter, Environment, type Actor } from './environment.node.js';

/** A way in which a holder, or a waiter, can vanish without a word. */
interface Death {
  readonly name: string;
  /** Returns what holds or waits, and how it dies. */
  readonly prepare: (page: Page) => Promise<{ readonly actor: Actor; readonly die: () => Promise<unknown> }>;
}

describe('the locks of what dies', () => {
  const environment = new Environment();
  const name = 'orders';

  const ofPage = (named: string, die: (page: Page) => Promise<unknown>): Death => ({
    name: named,
    prepare: (page) => Promise.resolve({ actor: page, die: () => die(page) }),
  });
  const deaths: Death[] = [
    ofPage('a tab that is closed', (page) => page.close()),
    ofPage('a tab that crashes', (page) => environment.crash(page)),
    ofPage('a tab that is reloaded', (page) => page.reload()),
    ofPage('a tab that is navigated', (page) => page.goto(`${environment.witness.otherUrl}/elsewhere`)),
    {
      name: 'an iframe that is removed',
      prepare: async (page) => ({
        actor: await environment.addFrame(page),
        die: () =>
          page.evaluate(() => {
            document.querySelector('iframe')?.remove();
          }),
      }),
    },
    {
      name: 'a worker that is terminated',
      prepare: async (page) => ({
        actor: await environment.addWorker(page),
        die: () =>
          page.evaluate(() => {
            tab.worker?.terminate();
          }),
      }),
    },
  ];

  for (const death of deaths) {
    it(`pass on: ${death.name}`, async () => {
      const [a, b] = await environment.openTwo();
      const { actor, die } = await death.prepare(a);
      await enter(actor, 'dead', { name });
      await environment.witness.heard('dead in');
      await enter(b, 'next', { name });

      expect(environment.witness.entered).toEqual(['dead']);

      await die();
      await environment.witness.heard('next in');
      await environment.untilShown(b, name, { held: 1, pending: 0 });
    });

    it(`leave the queue: ${death.name}`, async () => {
      const [a, b, c] = await environment.openThree();
      await enter(b, 'holder', { name }, {});
      await environment.witness.heard('holder in');
      const { actor, die } = await death.prepare(a);
      await enter(actor, 'dead', { name });
      await enter(c, 'next', { name });
      await environment.untilShown(b, name, { held: 1, pending: 2 });
      await die();
      await environment.untilShown(b, name, { held: 1, pending: 1 });
      await b.evaluate(() => {
        tab.leave('holder');
      });
      await environment.witness.heard('next in');

      expect(environment.witness.entered).toEqual(['holder', 'next']);
    });
  }
});
