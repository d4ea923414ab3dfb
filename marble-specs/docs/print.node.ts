// `npm run docs:print` runs the snippets of the pages, and writes their output into the blocks of text after them.
import { inPage, outputOf, pages, removeFiles, writeFiles, writeInto } from './examples.node.js';

for (const page of pages) {
  const examples = inPage(page);
  const printed: string[] = [];
  writeFiles(examples);
  try {
    for (const example of examples) {
      printed.push(await outputOf(example));
    }
  } finally {
    removeFiles();
  }
  writeInto(page, printed);
}
