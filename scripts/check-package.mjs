// `npm run check:package`: packs the package, and uses it as a consumer does, as far as that takes about a minute. Needs the
// npm registry, for Jest. `npm run check:matrix` does the same with every version that is supported.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { inFolder, layOut, pack, root, tool } from './consumer.mjs';
import { bundlesOnce, checksOf, formats, forNode, forTypeScript, loadsIn, passesUnder, runTrials, typesHold } from './trials.mjs';

const typescript = join(root, 'node_modules/typescript');

await inFolder(async (folder) => {
  const { filename, tarball, count } = pack(folder);
  console.log(`${filename}: ${count} files`);

  const trials = [
    ['publint', () => console.log(tool('publint/src/cli.js', ['run', tarball, '--strict']))],
    ['Are the types wrong?', () => tool('@arethetypeswrong/cli/dist/index.js', [tarball, '--profile', 'strict'])],
    ['Jest 30', () => passesUnder('Jest 30', tarball, folder)],
  ];
  for (const rxjs of ['rxjs', 'rxjs-oldest']) {
    const home = join(folder, `with-${rxjs}`);
    mkdirSync(home);
    layOut(home, tarball, { ...forNode, ...forTypeScript }, rxjs);
    for (const format of formats) {
      trials.push([`${format} in this Node, ${rxjs}`, () => loadsIn(format, process.execPath, home)]);
    }
    for (const check of rxjs === 'rxjs' ? checksOf('5.9') : ['nodenext']) {
      trials.push([`TypeScript, ${check}, ${rxjs}`, () => typesHold(check, typescript, home)]);
    }
    for (const format of ['import', 'require']) {
      trials.push([`bundle of ${format}, ${rxjs}`, () => bundlesOnce(format, home)]);
    }
  }
  await runTrials(trials);
});
