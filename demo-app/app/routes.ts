import type { Routes } from '@angular/router';

export const routes: Routes = [
  {
    path: 'serialize',
    title: 'Serialize · rxjs-locks',
    loadComponent: () => import('./serialize/serialize-page').then((page) => page.SerializePage),
  },
  {
    path: 'limit',
    title: 'Limit · rxjs-locks',
    loadComponent: () => import('./limit/limit-page').then((page) => page.LimitPage),
  },
  { path: '**', redirectTo: 'serialize' },
];
