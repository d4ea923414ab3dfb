/**
 * Writes what language models read instead of pages (llmstxt.org): `llms.txt`, a list of all pages; `llms-full.txt`, the text of the
 * guides; and the Markdown of each page beside its HTML.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { SiteConfig } from 'vitepress';

import { guidePages } from './sidebar';

interface Page {
  /** The path in the site, `angular.md`. */
  readonly path: string;
  readonly title: string;
  readonly lead: string;
  readonly text: string;
}

export function writeTextsForModels({ outDir, srcDir, pages, rewrites, site }: SiteConfig): void {
  const all = pages.map((file) => pageIn(rewrites.map[file] ?? file, readFileSync(join(srcDir, file), 'utf8')));
  for (const { path, text } of all) write(join(outDir, path), text);
  const guides = guidePages.flatMap(({ link }) => all.find(({ path }) => path === pathOf(link)) ?? []);
  const reference = all.filter(({ path }) => path.startsWith('api/') && !path.endsWith('index.md'));
  const list = (listed: readonly Page[]): string =>
    listed.map(({ path, title, lead }) => `- [${title}](${site.base}${path})${lead === '' ? '' : `: ${lead}`}\n`).join('');
  const head = `# ${site.title}\n\n> ${site.description}\n`;
  write(join(outDir, 'llms.txt'), `${head}\n## Guides\n\n${list(guides)}\n## API reference\n\n${list(reference)}`);
  write(join(outDir, 'llms-full.txt'), [head, ...guides.map(({ text }) => text)].join('\n'));
}

/** The file of a link in the sidebar. */
function pathOf(link: string): string {
  return `${link.slice(1)}${link.endsWith('/') ? 'index' : ''}.md`;
}

/** The title of a page is its first heading, and its lead is the first sentence of its first paragraph. */
export function pageIn(path: string, source: string): Page {
  const text =
    source
      .replace(/^---\n.*?\n---\n/s, '')
      .replaceAll(/^<\/?[a-z][^>]*>\n+/gim, '')
      .trim() + '\n';
  const title = /^# (.+)$/m.exec(text)?.[1] ?? path;
  const paragraphs = text.replaceAll(/^```.*?^```$/gms, '').split(/\n{2,}/);
  const lead = paragraphs.find((paragraph) => /^[A-Z`'"]/.test(paragraph)) ?? '';
  return { path, title, lead: /^.+?[.:!?](?=\s|$)/s.exec(lead)?.[0].replaceAll(/\s+/g, ' ') ?? '', text };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
