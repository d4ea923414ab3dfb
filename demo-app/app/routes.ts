import type { Route, Routes } from '@angular/router';

import type { IconName } from './shared/icon';

interface Page {
  readonly path: string;
  readonly name: string;
  readonly icon: IconName;
  readonly load: NonNullable<Route['loadComponent']>;
}

/** The pages, each in a chunk of its own. The first one is the landing page. */
export const pages: readonly Page[] = [
  {
    path: 'token-refresh',
    name: 'Token refresh',
    icon: 'key',
    load: () => import('./pages/token-refresh/token-refresh-page').then((page) => page.TokenRefreshPage),
  },
  {
    path: 'stale-saves',
    name: 'Stale saves',
    icon: 'save',
    load: () => import('./pages/stale-saves/stale-saves-page').then((page) => page.StaleSavesPage),
  },
  {
    path: 'cap',
    name: 'One cap',
    icon: 'gauge',
    load: () => import('./pages/cap/cap-page').then((page) => page.CapPage),
  },
  {
    path: 'per-item',
    name: 'Per item',
    icon: 'list',
    load: () => import('./pages/per-item/per-item-page').then((page) => page.PerItemPage),
  },
  {
    path: 'autosave',
    name: 'Autosave',
    icon: 'retry',
    load: () => import('./pages/autosave/autosave-page').then((page) => page.AutosavePage),
  },
  {
    path: 'offline',
    name: 'Offline',
    icon: 'offline',
    load: () => import('./pages/offline/offline-page').then((page) => page.OfflinePage),
  },
  {
    path: 'playground',
    name: 'Playground',
    icon: 'people',
    load: () => import('./pages/playground/playground-page').then((page) => page.PlaygroundPage),
  },
  {
    path: 'words',
    name: 'Words',
    icon: 'words',
    load: () => import('./pages/words/words-page').then((page) => page.WordsPage),
  },
];

export const routes: Routes = [
  ...pages.map(({ path, name, load }) => ({ path, title: `${name} · rxjs-locks`, loadComponent: load })),
  { path: '**', redirectTo: pages[0]?.path ?? '' },
];
