import { Environment, type Actor } from './environment.node.js';
import type { Failure } from './tab.js';

interface Place {
  readonly name: string;
  readonly message: string;
  readonly cause: string;
  readonly open: () => Promise<Actor>;
}

describe('a place without Web Locks', () => {
  const environment = new Environment();
  const places: Place[] = [
    {
      name: 'a page over http',
      message:
        'this platform has no Web Locks (navigator.locks): they need a secure context (https or localhost) and a browser that has them',
      cause: 'undefined',
      open: () => environment.open(undefined, environment.insecureUrl),
    },
    {
      name: 'a sandboxed iframe',
      message: 'the platform refuses Web Locks here: an opaque origin, or a document that is gone',
      cause: 'SecurityError',
      open: async () => environment.addFrame(await environment.open(), 'allow-scripts'),
    },
  ];

  for (const place of places) {
    describe(place.name, () => {
      it('gives a WebLocksUnavailableError to each way of asking', async () => {
        const actor = await place.open();
        const failures = await actor.evaluate(() => tab.failures('orders'));

        expect(failures).toEqual(
          Array<Failure>(7).fill({ name: 'WebLocksUnavailableError', message: place.message, cause: place.cause }),
        );
      });

      it("excludes within the page with the option fallback: 'local'", async () => {
        const actor = await place.open();
        const events = await actor.evaluate(() => tab.excludeLocally('orders'));

        expect(events).toEqual([
          'first in',
          'second refused',
          'first out',
          'third in',
          'third out',
          'leads: false',
          'leads: true',
        ]);
      });
    });
  }
});
