import type { Page } from 'playwright-core';

import { barrier, enter, Environment, leave } from './environment.node.js';

interface Sleep {
  readonly name: string;
  readonly why: string;
  readonly fallAsleep: (page: Page, who: string) => Promise<void>;
  readonly wakeUp: (page: Page, who: string) => Promise<void>;
}

describe('a page that sleeps', () => {
  const environment = new Environment();
  const name = 'orders';

  const sleeps: Sleep[] = [
    {
      name: 'in the back/forward cache',
      why: 'the page was put into the back/forward cache',
      fallAsleep: (page, who) => environment.putToSleep(page, who),
      wakeUp: (page, who) => environment.wakeUp(page, who),
    },
    {
      // A page with a debugger is never frozen. So the page gets the events alone.
      name: 'frozen',
      why: 'the page was frozen',
      fallAsleep: async (page) => {
        await page.evaluate(() => document.dispatchEvent(new Event('freeze')));
      },
      wakeUp: async (page) => {
        await page.evaluate(() => document.dispatchEvent(new Event('resume')));
      },
    },
  ];

  for (const sleep of sleeps) {
    describe(sleep.name, () => {
      it('loses its lock before it sleeps, and another tab gets it', async () => {
        const a = await environment.open('page');
        const b = await environment.open();
        await enter(a, 'holder', { name });
        await environment.witness.heard('holder in');
        await enter(b, 'next', { name });
        await sleep.fallAsleep(a, 'page');
        await environment.witness.heard('next in');

        expect(environment.witness.of('holder', 'next')).toEqual([
          'holder in',
          'holder out',
          `holder failed: LockLostError: lost web lock "${name}": ${sleep.why}`,
          'next in',
        ]);

        await sleep.wakeUp(a, 'page');
        await enter(a, 'holder', { name });
        await leave(b, 'next');
        await environment.witness.heard('holder in', 2);

        expect(environment.witness.most).toBe(1);
      });

      it('is not granted what it waits for, and waits anew at the end of the queue when it wakes', async () => {
        const a = await environment.open('page');
        const [b, c] = await environment.openTwo();
        await enter(b, 'holder', { name });
        await environment.witness.heard('holder in');
        await enter(a, 'sleeper', { name });
        await enter(b, 'second', { name });
        await sleep.fallAsleep(a, 'page');
        await environment.untilShown(c, name, { held: 1, pending: 1 });
        await leave(b, 'holder');
        await environment.witness.heard('second in');
        await enter(c, 'third', { name });
        await sleep.wakeUp(a, 'page');
        await environment.untilShown(c, name, { held: 1, pending: 2 });
        await leave(b, 'second');
        await environment.witness.heard('third in');
        await leave(c, 'third');
        await environment.witness.heard('sleeper in');
        await barrier(a);

        expect(environment.witness.entered).toEqual(['holder', 'second', 'third', 'sleeper']);
        expect(environment.witness.words.filter((word) => word.includes('Error'))).toEqual([]);
        await environment.untilShown(c, name, { held: 1, pending: 0 });
      });

      it('asks when it wakes for what it was asked for in its sleep', async () => {
        const a = await environment.open('page');
        const b = await environment.open();
        await enter(a, 'first', { name });
        await environment.witness.heard('first in');
        await a.evaluate((of) => {
          document.addEventListener('freeze', () => {
            tab.enter('late', { name: of });
          });
        }, name);
        await sleep.fallAsleep(a, 'page');
        await enter(b, 'next', { name });
        await environment.witness.heard('next in');
        await leave(b, 'next');
        await environment.witness.heard('next done');

        expect(environment.witness.entered).toEqual(['first', 'next']);

        await sleep.wakeUp(a, 'page');
        await environment.witness.heard('late in');
      });
    });
  }

  // Chrome's headless shell has no back/forward cache. There, the page is gone, and its lock is free at once.
  it('passes its lock on within seconds, if it is a cached page of another program', async () => {
    const a = await environment.open('page');
    const b = await environment.open();
    await a.evaluate((of) => {
      tab.holdRaw('raw', of);
    }, name);
    await environment.witness.heard('raw in');
    await enter(b, 'next', { name });
    await a.goto(`${environment.witness.url}/elsewhere`);
    await environment.witness.heard(environment.hasCache ? 'page sleeps' : 'page goes');
    await environment.witness.heard('next in');
  });

  it('passes on the lock of its worker within seconds', async () => {
    const a = await environment.open('page');
    const b = await environment.open();
    const worker = await environment.addWorker(a);
    await enter(worker, 'worker', { name });
    await environment.witness.heard('worker in');
    await enter(b, 'next', { name });
    await a.goto(`${environment.witness.url}/elsewhere`);
    await environment.witness.heard('next in');
  });
});
