import { enter, Environment, isFree, leave } from './environment.node.js';

describe('tryAcquire() of a web lock over tabs', () => {
  const environment = new Environment();
  const name = 'editor';

  it('emits null while another tab holds the lock, and a permit afterwards', async () => {
    const [a, b] = await environment.openTwo();
    await enter(a, 'holder', { name });
    await environment.witness.heard('holder in');

    expect(await isFree(b, { name })).toBeFalse();
    expect(await isFree(b, { name, mode: 'shared' })).toBeFalse();

    await leave(a, 'holder');
    await environment.witness.heard('holder done');
    await environment.untilShown(b, name, { held: 0, pending: 0 });

    expect(await isFree(b, { name })).toBeTrue();
  });

  it('is not refused because of what this page has released a moment ago', async () => {
    const page = await environment.open();
    const runs = await page.evaluate((of) => tab.runSkipping(of, 25), name);

    expect(runs).toBe(25);
  });

  it('is skipped each time while another tab holds the lock', async () => {
    const [a, b] = await environment.openTwo();
    await enter(a, 'holder', { name });
    await environment.witness.heard('holder in');
    const runs = await b.evaluate((of) => tab.runSkipping(of, 25), name);

    expect(runs).toBe(0);
  });
});
