import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { add, count, mail, type Refusal } from './requests.js';
import { inScene } from './scene.js';

/** Longer than any spec: what is held for so long was not released. */
const FOREVER = 600_000;
const patiently = { LEASE: String(FOREVER), PATIENCE: '10000' };
const briefly = { LEASE: '3000', PATIENCE: '10000' };

describe('Two instances', () => {
  it(
    'take turns',
    inScene(patiently, async ({ instances }) => {
      const ways = Array.from({ length: 10 }, (_, index) => instances[index % 2 === 0 ? 0 : 1]);
      const answers = await Promise.all(ways.map((instance) => add(instance, 'a', 20)));
      const added = answers.map(({ body }) => body).sort((a, b) => a.number - b.number);

      // A number that two requests had, or that none had, would tell of two at a time.
      assert.deepEqual(
        added.map(({ number }) => number),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      );
      const tokens = added.map(({ token }) => BigInt(token));
      assert.ok(tokens.every((token, index) => token > (tokens[index - 1] ?? 0n)));
      assert.deepEqual(new Set(added.map(({ process }) => process)), new Set(instances.map(({ child }) => child.pid)));
    }),
  );

  it(
    'share a limit',
    inScene(patiently, async ({ instances }) => {
      const [first, second] = instances;
      const answers = await Promise.all([mail(first, ['a', 'b', 'c']), mail(second, ['d', 'e', 'f'])]);
      const sent = answers.flatMap(({ body }) => body);

      assert.deepEqual(sent.map(({ to }) => to).sort(), ['a', 'b', 'c', 'd', 'e', 'f']);
      assert.equal(Math.max(...sent.map(({ atOnce }) => atOnce)), 2);
    }),
  );

  it(
    'answer 409 where a request must not wait',
    inScene(patiently, async (scene) => {
      const [first, second] = scene.instances;
      assert.deepEqual((await count(second, 'a')).body, { last: 0 });
      void add(first, 'a', FOREVER).catch(() => undefined);
      await scene.until('invoices:a', 1, 0);
      const { status, retryAfter, body } = await count(second, 'a');

      assert.deepEqual([status, retryAfter], [409, null]);
      assert.deepEqual(body, { statusCode: 409, message: 'cannot acquire redis lock "invoices:a": it is busy' });
    }),
  );

  it(
    'write the id of each request in the log of its task, whatever has released the lock',
    inScene(patiently, async (scene) => {
      const ids = Array.from({ length: 8 }, (_, index) => `request ${String(index)}`);
      const answers = await Promise.all(ids.map((id, index) => add(scene.instances[index % 2 === 0 ? 0 : 1], 'a', 20, id)));
      await Promise.all(scene.instances.map((instance) => instance.end('SIGTERM')));

      for (const [index, id] of ids.entries()) {
        const { number, token } = answers[index]?.body ?? assert.fail();
        const [holds, writes, ...others] = scene.logOf(id);
        assert.ok(holds?.endsWith(`holds invoices:a with token ${token}`));
        assert.ok(writes?.endsWith(`a has ${String(number)} invoices`));
        assert.deepEqual(others, []);
      }
    }),
  );

  it(
    'answer 503 to a request that has lost its lock, and write nothing',
    inScene(briefly, async (scene) => {
      const [first, second] = scene.instances;
      const lost = add<Refusal>(first, 'a', FOREVER);
      await scene.until('invoices:a', 1, 0);
      await scene.server.client.flushall();
      const { status, retryAfter } = await lost;

      assert.deepEqual([status, retryAfter], [503, '3']);
      assert.equal((await add(second, 'a')).body.number, 1);
    }),
  );

  it(
    'answer 503 without Redis, and go on with it',
    inScene({ ...patiently, PATIENCE: '300' }, async (scene) => {
      const [first, second] = scene.instances;
      await add(first, 'a');
      await scene.server.kill();
      const answers = await Promise.all([add<Refusal>(first, 'a'), add<Refusal>(second, 'a'), count<Refusal>(second, 'a')]);

      for (const { status, retryAfter, body } of answers) {
        assert.deepEqual([status, retryAfter], [503, String(FOREVER / 1000)]);
        assert.match(body.message, /redis lock "invoices:a"/);
      }
      await scene.server.run();
      assert.equal((await add(second, 'a')).status, 201);
    }),
  );

  it(
    'end in good order: a holder finishes, a waiter gets 503, and the lock is free at once',
    inScene(patiently, async (scene) => {
      const [first, second] = scene.instances;
      const holder = add(first, 'a', 3000);
      await scene.until('invoices:a', 1, 0);
      const waiter = add<Refusal>(first, 'a');
      await scene.until('invoices:a', 1, 1);
      const ending = first.end('SIGTERM');

      assert.deepEqual(await waiter, {
        status: 503,
        retryAfter: String(FOREVER / 1000),
        body: { statusCode: 503, message: 'gave up waiting for redis lock "invoices:a": it was closed' },
      });
      assert.deepEqual([(await holder).status, (await holder).body.number], [201, 1]);
      await ending;
      assert.equal((await add(second, 'a')).body.number, 2);
    }),
  );

  it(
    'go on after the lease of an instance that was killed',
    inScene(briefly, async (scene) => {
      const [first, second] = scene.instances;
      const killed = assert.rejects(add(first, 'a', FOREVER));
      await scene.until('invoices:a', 1, 0);
      const next = add(second, 'a');
      await scene.until('invoices:a', 1, 1);
      await first.end('SIGKILL');
      await killed;

      assert.equal((await next).body.number, 1);
    }),
  );

  it(
    'answer 503 to a request whose instance was stopped for longer than its lease',
    inScene(briefly, async (scene) => {
      const [first, second] = scene.instances;
      const late = add<Refusal>(first, 'a', FOREVER);
      await scene.until('invoices:a', 1, 0);
      first.child.kill('SIGSTOP');
      assert.equal((await add(second, 'a')).body.number, 1);
      first.child.kill('SIGCONT');

      assert.deepEqual([(await late).status, (await late).retryAfter], [503, '3']);
    }),
  );

  it(
    'refuse to write over what a later holder has written',
    inScene(patiently, async ({ server, instances: [first] }) => {
      await server.client.hset('a', { fence: Number.MAX_SAFE_INTEGER, last: 7 });
      const { status, body } = await add<Refusal>(first, 'a');

      assert.deepEqual([status, body.message], [503, 'a was written by a later holder']);
      assert.equal(await server.client.hget('a', 'last'), '7');
    }),
  );
});
