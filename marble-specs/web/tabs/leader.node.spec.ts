import type { Page } from 'playwright-core';

import { cancel, Environment, leave, stand, steal } from './environment.node.js';

describe('leader() over tabs', () => {
  const environment = new Environment();
  const name = 'socket';

  async function threeCandidates(): Promise<[Page, Page, Page]> {
    const a = await environment.open('page');
    const [b, c] = await environment.openTwo();
    await stand(a, 'a', name);
    await environment.witness.heard('a in');
    await stand(b, 'b', name);
    await stand(c, 'c', name);

    expect(environment.witness.words.filter((word) => word.includes('leads'))).toEqual([
      'a leads: false',
      'a leads: true',
      'b leads: false',
      'c leads: false',
    ]);
    return [a, b, c];
  }

  it('hands over when the leader unsubscribes, closes and crashes', async () => {
    const [a, b, c] = await threeCandidates();
    await cancel(a, 'a');
    await environment.witness.heard('b in');

    expect(environment.witness.most).toBe(1);

    await stand(a, 'a2', name);
    environment.witness.note('b out'); // it will not say so itself
    await b.close();
    await environment.witness.heard('c in');
    environment.witness.note('c out');
    await environment.crash(c);
    await environment.witness.heard('a2 in');

    expect(environment.witness.entered).toEqual(['a', 'b', 'c', 'a2']);
    expect(environment.witness.most).toBe(1);
  });

  it('emits false when it is robbed, and stands again at the end of the queue', async () => {
    const [, b, c] = await threeCandidates();
    await steal(c, 'thief', name);
    await environment.witness.heard('a leads: false', 2);
    await environment.witness.heard('thief in');
    await environment.untilShown(b, name, { held: 1, pending: 3 });
    await leave(c, 'thief');
    await environment.witness.heard('b in');
    await cancel(b, 'b');
    await environment.witness.heard('c in');
    await cancel(c, 'c');
    await environment.witness.heard('a in', 2);

    expect(environment.witness.entered).toEqual(['a', 'thief', 'b', 'c', 'a']);
    expect(environment.witness.of('a')).toEqual([
      'a leads: false',
      'a leads: true',
      'a in',
      'a leads: false',
      'a out',
      'a leads: true',
      'a in',
    ]);
  });

  it('hands over when its page sleeps, and stands again when it wakes', async () => {
    const [a, b, c] = await threeCandidates();
    await environment.putToSleep(a, 'page');
    await environment.witness.heard('b in');
    await environment.wakeUp(a, 'page');
    await environment.untilShown(c, name, { held: 1, pending: 2 });
    await cancel(b, 'b');
    await environment.witness.heard('c in');
    await cancel(c, 'c');
    await environment.witness.heard('a in', 2);

    expect(environment.witness.entered).toEqual(['a', 'b', 'c', 'a']);
    expect(environment.witness.of('a').slice(0, 5)).toEqual([
      'a leads: false',
      'a leads: true',
      'a in',
      'a leads: false',
      'a out',
    ]);
    expect(environment.witness.most).toBe(1);
  });
});
