import { enter, Environment, leave, steal } from './environment.node.js';

describe('steal() of a web lock over tabs', () => {
  const environment = new Environment();
  const name = 'migration';
  const lostBy = (who: string): string => `${who} failed: LockLostError: lost web lock "${name}": it was stolen`;

  it('ends the section of another tab: it is torn down, and then downstream gets a LockLostError', async () => {
    const [a, b] = await environment.openTwo();
    await enter(a, 'robbed', { name });
    await environment.witness.heard('robbed in');
    await steal(b, 'thief', name);
    await environment.witness.heard(lostBy('robbed'));
    await environment.witness.heard('thief in');

    expect(environment.witness.of('robbed')).toEqual(['robbed in', 'robbed out', lostBy('robbed')]);
    await environment.untilShown(a, name, { held: 1, pending: 0 });
  });

  it('lets those in the queue keep their places', async () => {
    const [a, b, c] = await environment.openThree();
    await enter(a, 'robbed', { name });
    await environment.witness.heard('robbed in');
    await enter(b, 'second', { name }, { trips: 1 });
    await enter(c, 'third', { name }, { trips: 1 });
    await enter(a, 'fourth', { name }, { trips: 1 });
    await steal(c, 'thief', name);
    await environment.witness.heard('thief in');
    await environment.witness.heard(lostBy('robbed'));
    await leave(c, 'thief');
    await environment.witness.heard('fourth done');

    expect(environment.witness.entered).toEqual(['robbed', 'thief', 'second', 'third', 'fourth']);
    expect(environment.witness.words.filter((word) => word.includes('LockLostError'))).toEqual([lostBy('robbed')]);
  });

  it('is lost once by two tabs that retry: a robbed section waits at the end of the queue, and robs nobody', async () => {
    const [a, b, c] = await environment.openThree();
    await enter(a, 'first', { name }, { retry: true });
    await environment.witness.heard('first in');
    await enter(b, 'second', { name }, { retry: true });
    await steal(c, 'thief', name);
    await environment.witness.heard('thief in');
    await environment.witness.heard(lostBy('first'));
    await environment.untilShown(c, name, { held: 1, pending: 2 });
    await leave(c, 'thief');
    await environment.witness.heard('second in');
    await leave(b, 'second');
    await environment.witness.heard('first in', 2);
    await leave(a, 'first');
    await environment.witness.heard('first done');

    expect(environment.witness.entered).toEqual(['first', 'thief', 'second', 'first']);
    expect(environment.witness.words.filter((word) => word.includes('LockLostError'))).toEqual([lostBy('first')]);
  });

  it('robs all readers', async () => {
    const [a, b] = await environment.openTwo();
    await enter(a, 'reader1', { name, mode: 'shared' });
    await enter(b, 'reader2', { name, mode: 'shared' });
    await environment.witness.heard('reader2 in');
    await environment.witness.heard('reader1 in');
    await steal(b, 'thief', name);
    await Promise.all(['reader1', 'reader2'].map((who) => environment.witness.heard(lostBy(who))));
    await environment.witness.heard('thief in');
  });
});
