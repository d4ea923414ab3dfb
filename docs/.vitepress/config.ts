// The docs site. `npm run docs` and `npm run docs:dev` make what it needs first, see scripts/docs.mjs.
import { readFileSync } from 'node:fs';

import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';

import { leaveOutEmptyHeaders, mainOfHome } from './accessibility';
import { foldersInDev } from './folders-in-dev';
import { drawMarbles } from './marbles/fence';
import { noPages, pageOf, repositoryUrl, resolveLinks } from './repository';
import { sidebar } from './sidebar';
import { writeTextsForModels } from './texts-for-models';

const { description } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly description: string };

// The icon of the demo, see demo-app/index.html.
const icon =
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><rect x='4' y='10' width='16' height='11' rx='2.5' fill='#0b57d0'/>" +
  "<path d='M8 10V7a4 4 0 0 1 8 0v3' fill='none' stroke='#0b57d0' stroke-width='2.5'/></svg>";

export default defineConfig({
  lang: 'en',
  title: 'rxjs-locks',
  description,
  // The path of the site at its host.
  base: `/${process.env['DOCS_BASE'] ?? ''}/`.replaceAll(/\/+/g, '/'),
  // Documents of the repository are pages too, so the sources are not those in `docs` alone.
  srcDir: '..',
  srcExclude: noPages(),
  rewrites: (file) => pageOf(file) ?? file,
  outDir: '../dist/docs',
  cacheDir: '../node_modules/.cache/vitepress',
  head: [
    ['meta', { name: 'theme-color', content: '#005cbb' }],
    ['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }],
  ],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: (text) => slug(text) },
    config(markdown) {
      markdown.use(resolveLinks).use(drawMarbles).use(leaveOutEmptyHeaders);
    },
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start-angular', activeMatch: '/(start-|nestjs)' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Which one?', link: '/choose' },
      { text: 'Demo', link: '/demo' },
      { text: 'API', link: '/api/', activeMatch: '/api/' },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
    externalLinkIcon: true,
    ...(repositoryUrl === '' ? {} : { socialLinks: [{ icon: 'github', link: repositoryUrl }] }),
  },
  vite: {
    publicDir: 'dist/docs-public',
    plugins: [mainOfHome, foldersInDev],
    server: { watch: { ignored: ['**/dist/**', '**/.angular/**', '**/.examples/**'] } },
    // The index of the search holds all texts. It is loaded when a reader searches.
    build: { chunkSizeWarningLimit: 2_000 },
  },
  buildEnd: writeTextsForModels,
});
