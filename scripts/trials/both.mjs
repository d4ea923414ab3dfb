import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

for (const entry of ['rxjs-locks', 'rxjs-locks/operators', 'rxjs-locks/testing', 'rxjs-locks/web']) {
  assert.deepEqual({ ...(await import(entry)) }, { ...require(entry) });
}
const { Lock } = await import('./node_modules/rxjs-locks/dist/lib/index.js');
const { withLock } = await import('rxjs-locks/operators');
assert.throws(() => withLock(new Lock()), /^TypeError: withLock cannot use lock of another copy of rxjs-locks/);
