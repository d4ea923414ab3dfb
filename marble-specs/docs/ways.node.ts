/**
 * Prints, as JSON, which functions of the library run on the ways that ARCHITECTURE.md describes. The profiler of V8 counts
 * calls. It must not run in a process whose coverage is measured, because reading the counters resets them.
 */
import { Session } from 'node:inspector/promises';

import { Lock } from 'rxjs-locks';

const ways: Readonly<Record<string, () => () => void>> = {
  'granted at once': () => {
    const lock = new Lock();
    return () => {
      lock.acquire().subscribe(() => undefined);
    };
  },
  waits: () => {
    const lock = new Lock();
    lock.tryAcquire();
    return () => {
      lock.acquire().subscribe(() => undefined);
    };
  },
  released: () => {
    const lock = new Lock();
    const permit = lock.tryAcquire();
    lock.acquire().subscribe(() => undefined);
    return () => {
      permit?.release();
    };
  },
};

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
const called: Record<string, Record<string, string[]>> = {};
for (const [way, prepare] of Object.entries(ways)) {
  const walk = prepare();
  await session.post('Profiler.takePreciseCoverage');
  walk();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  called[way] = {};
  for (const { url, functions } of result) {
    const [, file] = /\/(lib\/[\w/-]+\.ts)/.exec(url) ?? [];
    const names = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0).map(({ functionName }) => functionName);
    if (file !== undefined && names.some((name) => name !== '')) {
      called[way][file] = names.filter((name) => name !== '');
    }
  }
}
console.log(JSON.stringify(called, undefined, 2));
