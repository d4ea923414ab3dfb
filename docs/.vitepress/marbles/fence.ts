import type { MarkdownRenderer } from 'vitepress';

import { draw, escape } from './draw';
import { parse } from './parse';

/**
 * Draws each block of code that is a marble diagram. Its language is `marble`, `text` or none. A block of `marble` that is no diagram
 * is an error.
 */
export function drawMarbles(markdown: MarkdownRenderer): void {
  const { fence } = markdown.renderer.rules;
  if (fence === undefined) throw new Error('the renderer has no rule for fences');
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const { info, content } = tokens[index] ?? { info: '', content: '' };
    const language = info.trim();
    const diagram = ['marble', 'text', ''].includes(language) ? parse(content) : undefined;
    if (diagram !== undefined) return figureOf(draw(diagram, content), content);
    if (language === 'marble') throw new Error(`this is no marble diagram:\n${content}`);
    return fence(tokens, index, options, env, self);
  };
}

/** The text stays, for those who want to copy it. A wide diagram can be scrolled, with the keyboard too. */
function figureOf(svg: string, text: string): string {
  const source = `<details><summary>As text</summary><pre tabindex="0"><code>${escape(text)}</code></pre></details>`;
  return `<figure class="marbles" v-pre><div class="drawing" tabindex="0" role="group" aria-label="Diagram">${svg}</div>${source}</figure>\n`;
}
