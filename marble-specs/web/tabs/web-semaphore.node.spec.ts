import { barrier, enter, Environment, isFree, leave } from './environment.node.js';

describe('WebSemaphore over tabs', () => {
  const environment = new Environment();
  const name = 'uploads';
  const of = (weight = 1): { name: string; value: number; weight: number } => ({ name, value: 3, weight });

  it('never lets out more units than it has, with random weights and cancels, and ends idle', async () => {
    const tabs = await environment.openThree();
    await Promise.all(
      tabs.map((page, index) =>
        page.evaluate(({ who, target }) => tab.stress(who, target, 30), { who: `tab${String(index)}-`, target: of() }),
      ),
    );

    expect(environment.witness.most).toBe(3);
    for (const part of [name, `${name}#0`, `${name}#1`, `${name}#2`]) {
      await environment.untilShown(tabs[0], part, { held: 0, pending: 0 });
    }
  });

  it('lets in three at a time, and the fourth when one leaves', async () => {
    const [a, b] = await environment.openTwo();
    for (const [page, who] of [
      [a, 'first'],
      [b, 'second'],
      [a, 'third'],
    ] as const) {
      await enter(page, who, of());
      await environment.witness.heard(`${who} in`);
    }
    await enter(b, 'fourth', of());
    await barrier(b);

    expect(environment.witness.entered).toEqual(['first', 'second', 'third']);

    await leave(b, 'second');
    await environment.witness.heard('fourth in');

    expect(environment.witness.most).toBe(3);
  });

  it('does not let anyone overtake a heavy task, nor tryAcquire() while anyone waits', async () => {
    const [a, b, c] = await environment.openThree();
    await enter(a, 'light1', of());
    await environment.witness.heard('light1 in');
    await enter(b, 'heavy', of(3));
    await enter(c, 'light2', of());
    await environment.untilShown(a, name, { held: 1, pending: 1 });

    expect(await isFree(c, of())).toBeFalse();
    expect(await isFree(a, of())).toBeFalse();

    await leave(a, 'light1');
    await environment.witness.heard('heavy in 3');
    await leave(b, 'heavy');
    await environment.witness.heard('light2 in');

    expect(environment.witness.entered).toEqual(['light1', 'heavy', 'light2']);
    expect(environment.witness.most).toBe(3);
  });

  it('emits a permit from tryAcquire() for what is free, and null for more', async () => {
    const [a, b] = await environment.openTwo();
    await enter(a, 'two', of(2));
    await environment.witness.heard('two in 2');
    await environment.untilShown(b, name, { held: 0, pending: 0 });

    expect(await isFree(b, of(2))).toBeFalse();
    expect(await isFree(b, of(1))).toBeTrue();

    await leave(a, 'two');
    await environment.untilShown(b, `${name}#0`, { held: 0, pending: 0 });
    await environment.untilShown(b, `${name}#1`, { held: 0, pending: 0 });

    expect(await isFree(b, of(3))).toBeTrue();
  });

  it('does not let two heavy tasks wait for each other, in any order of the tabs', async () => {
    const tabs = await environment.openThree();
    await Promise.all(
      tabs.map(async (page, index) => {
        for (let round = 0; round < 10; round++) {
          await enter(page, `tab${String(index)}-${String(round)}`, of(2 + (index % 2)), { trips: 1 });
        }
      }),
    );
    await environment.witness.until(
      () => environment.witness.words.filter((word) => word.endsWith(' done')).length === 30,
      'the end of 30 tasks',
    );

    expect(environment.witness.most).toBe(3);
  });

  it('gets its units back from a tab that crashes, and the queue goes on', async () => {
    const [a, b, c] = await environment.openThree();
    await enter(a, 'dead', of(2));
    await environment.witness.heard('dead in 2');
    await enter(a, 'waiter', of(2)); // it is the head of the queue, and has a unit
    await environment.untilShown(b, name, { held: 1, pending: 0 });
    await enter(b, 'heavy', of(3));
    await environment.untilShown(c, name, { held: 1, pending: 1 });
    await environment.crash(a);
    await environment.witness.heard('heavy in 3');

    expect(environment.witness.entered).toEqual(['dead', 'heavy']);
    expect(await isFree(c, of())).toBeFalse();
  });

  it('loses a permit of which one unit is stolen', async () => {
    const [a, b] = await environment.openTwo();
    await enter(a, 'robbed', of(2));
    await environment.witness.heard('robbed in 2');
    await b.evaluate((unit) => {
      tab.steal('thief', unit);
    }, `${name}#1`);
    await environment.witness.heard(`robbed failed: LockLostError: lost web semaphore "${name}": it was stolen`);
    await environment.untilShown(b, `${name}#0`, { held: 0, pending: 0 });
  });
});
