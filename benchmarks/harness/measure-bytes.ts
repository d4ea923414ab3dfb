/** Measures how many bytes a waiter holds: side by side as `measure` does, but with a new process for each sample. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { kinds, WAITERS } from '../cases/bytes.js';
import { resultOf, type CaseResult, type Run } from './measure.js';

export const name = 'bytes held';

const ROUNDS = 3;

const start = promisify(execFile);
const child = fileURLToPath(new URL('../bytes.js', import.meta.url));

export async function measureBytes(): Promise<CaseResult> {
  const runs = kinds.map((contestant): Run => ({ contestant, size: WAITERS, samples: [] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { contestant, samples } of runs) {
      const { stdout } = await start(process.execPath, ['--expose-gc', child, contestant.name]);
      samples.push(Number(stdout));
    }
  }
  return resultOf({ name, of: 'waiters' }, WAITERS, 'bytes', runs);
}
