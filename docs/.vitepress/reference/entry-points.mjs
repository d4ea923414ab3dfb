import { readFileSync } from 'node:fs';

const { compilerOptions } = JSON.parse(
  readFileSync(
    new URL('../../../tsconfig.json', import.meta.url),
    'utf8',
  ).replaceAll(/^\s*\/\/.*$/gm, ''),
);

/** The entry points of the package: the name that users import, and the path of its source. */
export const entryPoints = Object.entries(compilerOptions.paths).map(
  ([name, [path]]) => ({
    name,
    path: path.replace('./', ''),
  }),
);
