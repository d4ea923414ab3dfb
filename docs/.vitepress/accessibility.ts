/** What VitePress lacks for readers who use a screen reader. */
import { basename } from 'node:path';

import type { MarkdownRenderer, Plugin } from 'vitepress';

/** A cell of the head of a table that is empty heads nothing. */
export function leaveOutEmptyHeaders(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('empty headers', ({ tokens }) => {
    tokens.forEach((token, index) => {
      const close = tokens[index + 2];
      if (token.type !== 'th_open' || tokens[index + 1]?.content !== '' || close === undefined) return;
      token.tag = 'td';
      close.tag = 'td';
    });
  });
}

/** The home page has no landmark for its content: its component is a `div`. */
export const mainOfHome: Plugin = {
  name: 'main of home',
  enforce: 'pre',
  transform(source, id) {
    if (basename(id) !== 'VPHome.vue') return undefined;
    const changed = source.replace(/<div(\s+class="VPHome")/, '<main$1').replace(/<\/div>(?=\s*<\/template>)/, '</main>');
    if (changed.split(/<\/?main/).length !== 3)
      throw new Error('VPHome.vue of VitePress has changed: it has no <div class="VPHome">');
    return changed;
  },
};
