import type { Route, Routes } from '@angular/router';

import type { IconName } from './shared/icon';

interface Page {
  readonly path: string;
  readonly name: string;
  readonly icon: IconName;
  /** The heading and the lead stand in index.html too, and are visible before the application has started. */
  readonly heading: string;
  readonly lead: string;
  readonly load: NonNullable<Route['loadComponent']>;
}

/** The pages, each in a chunk of its own. The first one is the landing page. */
export const pages: readonly [Page, ...Page[]] = [
  {
    path: 'token-refresh',
    name: 'Token refresh',
    icon: 'key',
    heading: 'Refresh a token once, and let nobody hang',
    lead: 'The access token has expired, and twenty requests meet a 401 at once. Choose what goes wrong meanwhile: it goes wrong in each run.',
    load: () => import('./pages/token-refresh/token-refresh-page').then((page) => page.TokenRefreshPage),
  },
  {
    path: 'stale-saves',
    name: 'Stale saves',
    icon: 'save',
    heading: 'An older save must never overwrite a newer one',
    lead: 'An editor saves while the user types. Every fourth save is slow, so that you need not wait for bad luck. The server commits in the order in which it gets ready.',
    load: () => import('./pages/stale-saves/stale-saves-page').then((page) => page.StaleSavesPage),
  },
  {
    path: 'cap',
    name: 'One cap',
    icon: 'gauge',
    heading: 'One cap on everything',
    lead: 'Sixteen files of 1 to 3 units are uploaded in four chunks each, previews load beside them, and after 0.6 s the user clicks on Save. The server refuses what is above its capacity.',
    load: () => import('./pages/cap/cap-page').then((page) => page.CapPage),
  },
  {
    path: 'per-item',
    name: 'Per item',
    icon: 'list',
    heading: 'One save at a time for each document',
    lead: 'Saves of one document must keep their order. Those of different documents need not wait for each other. The third save of each document is slow, every time.',
    load: () => import('./pages/per-item/per-item-page').then((page) => page.PerItemPage),
  },
  {
    path: 'autosave',
    name: 'Autosave',
    icon: 'retry',
    heading: 'A draft must survive a failing server',
    lead: 'The server refuses saves with 503 for 0.7 s when the edits 4 to 6 come, and again from edit 10 on, so that you need not wait for bad luck. No edit may be lost.',
    load: () => import('./pages/autosave/autosave-page').then((page) => page.AutosavePage),
  },
  {
    path: 'offline',
    name: 'Offline',
    icon: 'offline',
    heading: 'What is written in a tunnel must arrive',
    lead: 'An app in a train sends eight notes. In the tunnel, the server really hangs up on each request. The third note is always slow, so that you need not wait for bad luck.',
    load: () => import('./pages/offline/offline-page').then((page) => page.OfflinePage),
  },
  {
    path: 'two-tabs',
    name: 'Two tabs',
    icon: 'tabs',
    heading: 'Several tabs, and one of them at a time',
    lead: 'The locks of this page hold over all tabs of your browser. Open a second tab, and put both windows side by side. Each tab reports to the others what it does.',
    load: () => import('./pages/two-tabs/two-tabs-page').then((page) => page.TwoTabsPage),
  },
  {
    path: 'playground',
    name: 'Playground',
    icon: 'people',
    heading: 'Playground',
    lead: 'Add actors, and cancel them in their lanes. There is no server here, only the primitives. Time stands still while nothing can happen.',
    load: () => import('./pages/playground/playground-page').then((page) => page.PlaygroundPage),
  },
  {
    path: 'words',
    name: 'Words',
    icon: 'words',
    heading: 'If you come from Python, or from RxJS',
    lead: 'The primitives have the names and the rules of asyncio. The operators put them into a pipe. Where a plain RxJS operator does the job, take it.',
    load: () => import('./pages/words/words-page').then((page) => page.WordsPage),
  },
];

/** The page at an address of the router, such as `/cap?seed=7`. */
export function pageAt(url: string): Page {
  const [, path] = url.split(/[/?#]/);
  return pages.find((page) => page.path === path) ?? pages[0];
}

export const routes: Routes = [
  ...pages.map(({ path, name, load }) => ({ path, title: `${name} · rxjs-locks`, loadComponent: load })),
  { path: '**', redirectTo: pages[0].path },
];
