/**
 * `npm run bench -- --ablation` measures what the parts buy that exist for speed alone. For each part, it builds the library
 * without it, and runs a workload on both builds in turns, each time in a new process. It prints how many times as long the
 * library takes without the part.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';

import { summarize } from './harness/statistics.js';

interface Part {
  readonly name: string;
  /** Replacements in the source: the file, the code that occurs in it once, and what replaces it. */
  readonly edits: readonly (readonly [file: string, find: string, replace: string])[];
  readonly workloads: readonly string[];
}

const wait = 'lib/internal/waiting/wait.ts';
const manyAtATime = 'lib/internal/streams/many-at-a-time.ts';

const parts: readonly Part[] = [
  {
    name: 'WaitObservable, with a subscriber of its own',
    edits: [[wait, 'return config.useDeprecatedSynchronousErrorHandling || config.useDeprecatedNextContext;', 'return true;']],
    workloads: ['queue-and-drain', 'uncontended'],
  },
  {
    name: 'one class Wait for all primitives',
    edits: [
      [wait, '  const one = waits(ONE);', '  class Own extends Wait {}\n  const one = waits(ONE);'],
      [wait, 'enter(new Wait(demand, subscriber));', 'enter(new Own(demand, subscriber));'],
    ],
    workloads: ['queue-and-drain', 'uncontended'],
  },
  {
    name: 'one Observable for all calls of acquire()',
    edits: [[wait, 'return wanted === undefined ? one :', 'return wanted === one ? one :']],
    workloads: ['uncontended'],
  },
  {
    name: 'a linked list of tasks, not a Set',
    edits: [
      [
        manyAtATime,
        '    const { newest } = this;\n    task.older = newest;',
        '    this.tasks.add(task);\n    const { newest } = this;\n    if (newest !== null) return;\n    task.older = newest;',
      ],
      [
        manyAtATime,
        '    const { older, newer } = task;',
        '    this.tasks.delete(task);\n    if (this.newest !== null) return;\n    const { older, newer } = task;',
      ],
      [
        manyAtATime,
        '  private exhausted = false;',
        '  private exhausted = false;\n  private readonly tasks = new Set<unknown>();',
      ],
    ],
    workloads: ['throttle', 'throttle-queue'],
  },
];

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = resolve(root, 'dist/benchmarks/ablation');
const child = fileURLToPath(new URL('ablation-workload.js', import.meta.url));
const ROUNDS = 9;

/** Builds the library without a part, or as it is; returns the file. */
async function buildWithout(part: Part | undefined, name: string): Promise<string> {
  const outfile = resolve(folder, `${name}.cjs`);
  await build({
    stdin: { contents: "export * from './lib/index.js'; export * from './operators/index.js';", resolveDir: root },
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    external: ['rxjs'],
    logLevel: 'error',
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    plugins: [
      {
        name: 'without a part',
        setup: (bundle) => {
          bundle.onLoad({ filter: /\/(lib|operators)\/.*\.ts$/ }, ({ path }) => ({ contents: edited(path, part), loader: 'ts' }));
        },
      },
    ],
  });
  return outfile;
}

function edited(path: string, part: Part | undefined): string {
  let code = readFileSync(path, 'utf8');
  for (const [file, find, replace] of part?.edits ?? []) {
    if (path === resolve(root, file)) {
      if (code.split(find).length !== 2) {
        throw new Error(`${file} does not contain once: ${find}`);
      }
      code = code.replace(find, () => replace);
    }
  }
  return code;
}

async function timeOf(library: string, workload: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, library, workload]);
  return Number(stdout);
}

mkdirSync(folder, { recursive: true });
const whole = await buildWithout(undefined, 'whole');
for (const [index, part] of parts.entries()) {
  const without = await buildWithout(part, `without-${String(index)}`);
  for (const workload of part.workloads) {
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [all, less] = [await timeOf(whole, workload), await timeOf(without, workload)];
      ratios.push(less / all);
    }
    console.log(`${part.name}: ${workload} takes ${summarize(ratios).median.toFixed(2)} times as long without it`);
  }
}
