import { existsSync, readFileSync } from 'node:fs';

import { slug } from 'github-slugger';
import type { DefaultTheme } from 'vitepress';

/** What TypeDoc writes. */
const ofReference = new URL('../api/typedoc-sidebar.json', import.meta.url);

const page = (text: string, name: string): DefaultTheme.SidebarItem => ({ text, link: `/${name}` });

const guides: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      page('In Angular', 'start-angular'),
      page('In plain RxJS', 'start-rxjs'),
      page('In NestJS', 'nestjs'),
      page('Which one do I need?', 'choose'),
      page('The demo', 'demo'),
    ],
  },
  {
    text: 'Guides',
    items: [
      page('Recipes', 'recipes'),
      page('Angular interceptors', 'angular'),
      page('Across tabs', 'tabs'),
      page('Across machines', 'servers'),
      page('Testing', 'testing'),
      page('Cancellation and errors', 'cancellation'),
      page('Order and fairness', 'order'),
      page('Diagnostics', 'diagnostics'),
    ],
  },
  {
    text: 'Background',
    items: [
      page('Coming from Python', 'python'),
      page('What others call it', 'names'),
      page('Why not …', 'why-not'),
      page('How it is proven', 'proven'),
      page('Figures', 'figures'),
    ],
  },
  {
    text: 'Repository',
    items: [
      page('Architecture', 'repository/architecture'),
      page('Contributing', 'repository/contributing'),
      page('Changes', 'repository/changelog'),
      page('Support', 'repository/support'),
      page('Security', 'repository/security'),
      page('Benchmarks', 'repository/benchmarks/'),
      page('The proofs', 'repository/marble-specs/proofs/'),
    ],
  },
];

/** All pages but the API reference, in the order in which they are read. */
export const guidePages: readonly { readonly text: string; readonly link: string }[] = guides.flatMap(({ items = [] }) =>
  items.map(({ text = '', link = '' }) => ({ text, link })),
);

export function sidebar(): DefaultTheme.SidebarMulti {
  if (!existsSync(ofReference)) throw new Error('docs/api is missing: npm run docs and npm run docs:dev make it');
  const written = JSON.parse(readFileSync(ofReference, 'utf8')) as DefaultTheme.SidebarItem[];
  return { '/api/': written.flatMap(entryPointsIn), '/': guides };
}

/** TypeDoc puts `rxjs-locks/web` into `rxjs-locks`, and names it `web`. Here, the entry points stand side by side. */
function entryPointsIn(group: DefaultTheme.SidebarItem): readonly DefaultTheme.SidebarItem[] {
  const { link = '', items = [] } = group;
  const name = link.slice('/api/'.length, -1);
  const inner = items.filter((item) => item.link !== undefined);
  const kinds = items.filter((item) => item.link === undefined);
  // A group with a link is a link and a button side by side, whereas a group without one is a button inside of a button.
  const linked = kinds.map((kind) => ({ ...kind, link: `${link}#${slug(kind.text ?? '')}` }));
  return [{ ...group, text: name, items: linked }, ...inner.flatMap(entryPointsIn)];
}
