/** Measures how many bytes one who waits holds, side by side as `measure` does, but each sample in a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { kinds, WAITERS } from '../cases/bytes.js';
import { resultOf, type CaseResult, type Run } from './measure.js';

export const name = 'bytes held';

const ROUNDS = 3;

const start = promisify(execFile);
const child = fileURLToPath(new URL('../bytes.js', import.meta.url));

export async function weigh(): Promise<CaseResult> {
  const runs = kinds.map((contestant): Run => ({ contestant, size: WAITERS, samples: [] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { contestant, samples } of runs) {
      const { stdout } = await start(process.execPath, ['--expose-gc', child, contestant.name]);
      samples.push(Number(stdout));
    }
  }
  return resultOf({ name, of: 'waiters' }, WAITERS, 'bytes', runs);
}
