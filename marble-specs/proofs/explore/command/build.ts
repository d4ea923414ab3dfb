import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { build, type Plugin } from 'esbuild';

import type { Fault } from './faults.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Builds the code of a thread: the explorer with the library, with a fault in it if there is one. Returns the file. */
export async function buildWorker(name: string, fault?: Fault): Promise<string> {
  const outfile = `${root}dist/explore/${name}.mjs`;
  await build({
    absWorkingDir: root,
    entryPoints: ['marble-specs/proofs/explore/command/worker.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20', // the newest target leaves `accessor` as it is, which no Node supports
    format: 'esm',
    logLevel: 'error',
    plugins: fault === undefined ? [] : [planting(fault)],
  });
  return outfile;
}

function planting({ name, file, find, replace }: Fault): Plugin {
  return {
    name: 'fault',
    setup(bundle) {
      const suffix = new RegExp(`/${file.replaceAll('.', '\\.')}$`);
      bundle.onLoad({ filter: suffix }, async ({ path }) => {
        const parts = (await readFile(path, 'utf8')).split(find);
        if (parts.length !== 2) {
          throw new Error(`'${name}' does not fit: its code is ${String(parts.length - 1)} times in ${file}`);
        }
        return { contents: parts.join(replace), loader: 'ts' };
      });
    },
  };
}
