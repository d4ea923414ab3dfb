import { barrier, enter, Environment, isFree, leave, type Actor } from './environment.node.js';

describe('WebLock over tabs', () => {
  const environment = new Environment();
  const name = 'orders';

  it('lets in one task at a time, in the order of the requests, over three tabs', async () => {
    const tabs = await environment.openThree();
    await enter(tabs[0], 'first', { name });
    await environment.witness.heard('first in');
    const queued: string[] = [];
    for (let round = 0; round < 7; round++) {
      for (const page of tabs) {
        const who = `task${String(queued.length)}`;
        queued.push(who);
        await enter(page, who, { name }, { trips: 2 });
      }
    }
    await leave(tabs[0], 'first');
    await environment.witness.heard('task20 done');

    expect(environment.witness.entered).toEqual(['first', ...queued]);
    expect(environment.witness.most).toBe(1);
  });

  it('excludes tabs, iframes, workers and a shared worker from each other', async () => {
    const [a, b] = await environment.openTwo();
    const frame = await environment.addFrame(a);
    const worker = await environment.addWorker(b);
    const actors: Actor[] = [a, b, frame, worker];
    await Promise.all(
      actors.map(async (actor, index) => {
        for (let round = 0; round < 6; round++) {
          await enter(actor, `actor${String(index)}-${String(round)}`, { name }, { trips: 1 });
        }
      }),
    );
    await a.evaluate((of) => {
      tab.tellSharedWorker('enter', 'shared', { name: of });
    }, name);
    await environment.witness.heard('shared in');
    await enter(b, 'last', { name });

    expect(environment.witness.entered.length).toBe(25);

    await a.evaluate(() => {
      tab.tellSharedWorker('leave', 'shared');
    });
    await environment.witness.heard('last in');

    expect(environment.witness.words.indexOf('shared out')).toBeLessThan(environment.witness.words.indexOf('last in'));
    expect(environment.witness.most).toBe(1);
  });

  it('lets in readers of several tabs together, and lets a reader wait behind a waiting writer', async () => {
    const [a, b, c] = await environment.openThree();
    await enter(a, 'reader1', { name, mode: 'shared' });
    await enter(b, 'reader2', { name, mode: 'shared' });
    await environment.witness.heard('reader2 in');
    await enter(c, 'writer', { name });
    await enter(a, 'reader3', { name, mode: 'shared' });
    await barrier(a);

    expect(environment.witness.words).toEqual(['reader1 in', 'reader2 in']);

    await leave(a, 'reader1');
    await leave(b, 'reader2');
    await environment.witness.heard('writer in');
    await leave(c, 'writer');
    await environment.witness.heard('reader3 in');

    expect(environment.witness.of('writer', 'reader3')).toEqual(['writer in', 'writer out', 'writer done', 'reader3 in']);
    expect(environment.witness.words.indexOf('reader2 out')).toBeLessThan(environment.witness.words.indexOf('writer in'));
  });

  it('is one lock with what other programs of the origin hold by the same name', async () => {
    const [a, b] = await environment.openTwo();
    await a.evaluate((of) => {
      tab.holdRaw('raw', of);
    }, name);
    await environment.witness.heard('raw in');

    expect(await isFree(b, { name })).toBeFalse();
  });

  it('is another lock in another origin', async () => {
    const a = await environment.open();
    const other = await environment.open(undefined, environment.witness.otherUrl);
    await enter(a, 'here', { name });
    await environment.witness.heard('here in');

    expect(await isFree(other, { name })).toBeTrue();
    expect(await isFree(a, { name })).toBeFalse();
  });

  it('runs a thousand waiters of one tab in order, of which half have left', async () => {
    const [a, b] = await environment.openTwo();
    await enter(a, 'holder', { name });
    await environment.witness.heard('holder in');
    await b.evaluate(async (of) => {
      const lock = new tab.web.WebLock(of);
      const order: number[] = [];
      const subscriptions = Array.from({ length: 1000 }, (_, index) => lock.use(() => [order.push(index)]).subscribe());
      for (const each of subscriptions.filter((_, index) => index % 2 === 1)) {
        each.unsubscribe();
      }
      Object.assign(globalThis, { order });
      await tab.barrier();
    }, name);
    await environment.untilShown(a, name, { held: 1, pending: 500 });
    await leave(a, 'holder');
    await b.waitForFunction(() => (globalThis as unknown as { order: number[] }).order.length >= 500);
    const order = await b.evaluate(() => (globalThis as unknown as { order: number[] }).order);

    expect(order).toEqual(Array.from({ length: 500 }, (_, index) => 2 * index));
    await environment.untilShown(a, name, { held: 0, pending: 0 });
  });
});
