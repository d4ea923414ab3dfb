import { createMarkdownRenderer, disposeMdItInstance, type MarkdownRenderer } from 'vitepress';

/** A renderer of Markdown with one plugin, for specs. VitePress keeps one renderer for all calls, so an earlier one is disposed of. */
export async function rendererWith(plugin: (markdown: MarkdownRenderer) => void): Promise<MarkdownRenderer> {
  disposeMdItInstance();
  return createMarkdownRenderer('.', { config: plugin });
}
