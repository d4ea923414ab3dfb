import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/** Builds the script of a page with the built library, as for production. */
export async function bundle(script: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(script, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    define: { ngDevMode: 'false' },
    tsconfigRaw: {}, // without the `paths` of tsconfig.json, which lead to the sources of the library
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
