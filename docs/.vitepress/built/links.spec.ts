import { statSync } from 'node:fs';
import { join } from 'node:path';

import { builtBase, builtPages, folder, read } from './site';

/** VitePress checks links to pages in Markdown. This checks all links as a browser sees them: anchors, files and the sidebar too. */
describe('the links of the site', () => {
  const ids = new Map<string, ReadonlySet<string>>();

  function idsIn(page: string): ReadonlySet<string> {
    const found = ids.get(page) ?? new Set([...read(page).matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => decoded(id)));
    ids.set(page, found);
    return found;
  }

  function decoded(text: string): string {
    return decodeURIComponent(text.replaceAll('&amp;', '&'));
  }

  /** Why an address leads nowhere, or undefined. */
  function flawOf(address: string, page: string): string | undefined {
    const base = new URL(builtBase(), 'http://site');
    const { origin, pathname, hash } = new URL(decoded(address), new URL(page, base));
    if (origin !== base.origin) return undefined;
    if (!pathname.startsWith(base.pathname)) return 'is not below the path of the site';
    const path = decodeURIComponent(pathname.slice(base.pathname.length));
    const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
    if (statSync(join(folder, file), { throwIfNoEntry: false })?.isFile() !== true) return 'leads to no file';
    return hash === '' || idsIn(file).has(decoded(hash.slice(1))) ? undefined : 'leads to no anchor';
  }

  it('all lead to a file and an anchor that exist', () => {
    const pages = builtPages();
    const flaws = new Set<string>();
    let checked = 0;
    for (const page of pages) {
      for (const [, address = ''] of read(page).matchAll(/ (?:href|src|srcset)="([^"]*)"/g)) {
        checked++;
        const flaw = flawOf(address, page);
        if (flaw !== undefined) flaws.add(`${page}: ${address} ${flaw}`);
      }
    }

    expect([...flaws]).toEqual([]);
    expect(pages.length).toBeGreaterThan(100);
    expect(checked).toBeGreaterThan(5_000);
  });
});
