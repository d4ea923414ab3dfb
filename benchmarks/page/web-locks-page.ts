import { firstValueFrom, of } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { WebLock, WebSemaphore } from 'rxjs-locks/web';

import type { WebLockContestant } from './web-locks-protocol.js';

const lock = new Lock();
const webLock = new WebLock('lock');
const semaphore = new WebSemaphore('semaphore', 4);

/** Each runs one uncontended section. */
const sections: Record<WebLockContestant, () => Promise<unknown>> = {
  Lock: () => firstValueFrom(lock.use(() => of(1))),
  'navigator.locks.request': () => navigator.locks.request('raw', () => 1),
  WebLock: () => firstValueFrom(webLock.use(() => of(1))),
  WebSemaphore: () => firstValueFrom(semaphore.use(() => of(1))),
};

declare global {
  /** Runs sections one after another, and resolves to the milliseconds of one. */
  var measureSections: (contestant: WebLockContestant, count: number) => Promise<number>;
}

globalThis.measureSections = async (contestant, count) => {
  const started = performance.now();
  for (let index = 0; index < count; index++) {
    await sections[contestant]();
  }
  return (performance.now() - started) / count;
};
