import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/** The script of the page, as an application for production has it, with the built library. */
export async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    define: { ngDevMode: 'false' },
    tsconfigRaw: {}, // the paths of ours lead to the sources of the library
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
