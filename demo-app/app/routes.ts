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
];

export const routes: Routes = [
  ...pages.map(({ path, name, load }) => ({ path, title: `${name} · rxjs-locks`, loadComponent: load })),
  { path: '**', redirectTo: pages[0]?.path ?? '' },
];
