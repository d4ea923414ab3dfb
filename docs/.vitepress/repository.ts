import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { MarkdownRenderer } from 'vitepress';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The documents outside of `docs` that are pages of the site. */
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'SUPPORT.md',
  'benchmarks/README.md',
  'marble-specs/proofs/README.md',
];

/** The path in the site of a Markdown file of the repository, or undefined if the file is no page. */
export function pageOf(file: string): string | undefined {
  if (/^docs\/.+\.md$/.test(file)) return file.slice('docs/'.length);
  return documents.includes(file) ? `repository/${file.toLowerCase().replace(/(?<=\/)readme(?=\.md$)/, 'index')}` : undefined;
}

/** Patterns of the Markdown files of the repository that are no pages. */
export function noPages(): string[] {
  const entries = readdirSync(root, { withFileTypes: true });
  const isNeeded = (name: string): boolean =>
    name === 'docs' || documents.some((file) => file === name || file.startsWith(`${name}/`));
  return entries.filter(({ name }) => !isNeeded(name)).map((entry) => (entry.isDirectory() ? `${entry.name}/**` : entry.name));
}

/** Where the files of the repository are shown. It is empty while `package.json` names no repository. */
export const repositoryUrl = repositoryUrlIn(readFileSync(root + 'package.json', 'utf8'));

export function repositoryUrlIn(manifest: string): string {
  const { repository } = JSON.parse(manifest) as { readonly repository?: string | { readonly url: string } };
  const url = typeof repository === 'string' ? repository : repository?.url;
  // Until its owner is filled in, the repository has no address: see scripts/release-check.mjs.
  return /https:\/\/(?!\S*\/OWNER\/)\S+?(?=\.git$|$)/.exec(url ?? '')?.[0] ?? '';
}

/** What a link in a file of the repository leads to. Undefined: nowhere, since the repository has no address. */
export function targetOf(href: string, file: string, repository = repositoryUrl): string | undefined {
  if (/^(?:#|\/|[a-z]+:)/.test(href)) return href;
  const [path = '', hash = ''] = href.split(/(?=#)/);
  const target = posix.join(posix.dirname(file), decodeURI(path)).replace(/\/$/, '');
  const page = pageOf(target);
  if (page !== undefined) return `/${page}${hash}`;
  if (!existsSync(root + target)) throw new Error(`${file} has a link to ${target}, which does not exist`);
  return repository === '' ? undefined : `${repository}/blob/HEAD/${target}${hash}`;
}

/**
 * What VitePress tells of the file that it renders. `realPath` is missing where it makes the index of the search, and `path` where it
 * renders a title alone.
 */
interface Environment {
  readonly path?: string;
  readonly realPath?: string;
}

/**
 * Lets links in the files of the repository work on the site too. A file that is no page is shown by the repository. Without an
 * address of the repository, the text of such a link stays, without a link.
 */
export function resolveLinks(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('links of the repository', ({ tokens, env }) => {
    const { path, realPath = path } = env as Environment;
    if (realPath === undefined) return;
    const file = realPath.replaceAll('\\', '/').slice(root.length);
    for (const token of tokens) {
      let isLinked = true;
      token.children &&= token.children.filter((child) => {
        const href = child.attrGet('href');
        if (child.type === 'link_open' && href !== null) {
          const target = targetOf(href, file);
          isLinked = target !== undefined;
          if (target !== undefined) child.attrSet('href', target);
        }
        return isLinked || !['link_open', 'link_close'].includes(child.type);
      });
    }
  });
}
