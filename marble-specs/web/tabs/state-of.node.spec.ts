import { cancel, enter, Environment, leave } from './environment.node.js';

describe('stateOf() over tabs', () => {
  const environment = new Environment();
  const name = 'orders';

  it('counts the holders and waiters of all tabs, and emits what has changed', async () => {
    const [a, b, c] = await environment.openThree();
    await c.evaluate((of) => {
      tab.web.stateOf(of, 10).subscribe((state) => {
        tab.say(`state ${JSON.stringify(state)}`);
      });
    }, name);
    const shows = async (exclusive: boolean, shared: number, waiting: number): Promise<void> => {
      await environment.witness.heard(`state ${JSON.stringify({ exclusive, shared, waiting })}`);
    };
    await shows(false, 0, 0);
    await enter(a, 'reader1', { name, mode: 'shared' });
    await shows(false, 1, 0);
    await enter(b, 'reader2', { name, mode: 'shared' });
    await shows(false, 2, 0);
    await enter(a, 'writer1', { name });
    await shows(false, 2, 1);
    await enter(b, 'writer2', { name });
    await shows(false, 2, 2);
    await leave(a, 'reader1');
    await shows(false, 1, 2);
    await leave(b, 'reader2');
    await shows(true, 0, 1);
    await cancel(b, 'writer2');
    await shows(true, 0, 0);
    await leave(a, 'writer1');
    await environment.witness.until(
      () => environment.witness.words.at(-1) === 'state {"exclusive":false,"shared":0,"waiting":0}',
      'a free lock',
    );
    const states = environment.witness.of('state');

    expect(states.every((state, index) => state !== states[index - 1])).toBeTrue();
  });
});
