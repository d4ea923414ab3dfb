// `npm run docs:print` runs the snippets of the README, and writes their output into the blocks of text after them.
import { inReadme, outputOf, removeFiles, writeFiles, writeIntoReadme } from './examples.node.js';

const examples = inReadme();
const printed: string[] = [];

writeFiles(examples);
try {
  for (const example of examples) {
    printed.push(await outputOf(example));
  }
} finally {
  removeFiles();
}
writeIntoReadme(printed);
