import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { type Observable, of, throwError } from 'rxjs';

import type { Hosts } from '../backend/contract';
import { App } from './app';
import { pages, routes } from './routes';
import { Backend } from './run/backend';

describe('App', () => {
  const server: Hosts = { kind: 'server', origins: [], log: '' };
  const at = async (address: string, hosts: Observable<Hosts> = of(server)) => {
    TestBed.configureTestingModule({
      providers: [
        provideRouter(routes),
        provideHttpClient(),
        provideHttpClientTesting(),
        { provide: Backend, useValue: { hosts } },
      ],
    });
    const fixture = TestBed.createComponent(App);
    await TestBed.inject(Router).navigateByUrl(address);
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  };
  const current = (page: HTMLElement) => page.querySelector('nav [aria-current=page]')?.textContent.trim();
  const [landing] = pages;

  it('redirects an unknown address, and that of the site, to the first page', async () => {
    for (const address of ['/nowhere', '/']) {
      expect(current(await at(address))).toBe(landing.name);
      expect(TestBed.inject(Router).url).toBe(`/${landing.path}`);
      TestBed.resetTestingModule();
    }
  });

  for (const { path, name } of pages) {
    it(`opens a page by its address, with a title, and marks it in the navigation: ${path}`, async () => {
      const page = await at(`/${path}`);

      expect(page.querySelectorAll('h1').length).toBe(1);
      expect(document.title).toBe(`${name} · rxjs-locks`);
      expect(current(page)).toBe(name);
    });
  }

  it('links to all pages', async () => {
    const page = await at('/');

    expect([...page.querySelectorAll('nav a')].map((link) => link.getAttribute('href'))).toEqual(
      pages.map(({ path }) => `/${path}`),
    );
  });

  it('moves the focus to the content with the skip link', async () => {
    const page = await at('/');
    document.body.append(page);
    page.querySelector<HTMLElement>('.skip')?.click();

    expect(document.activeElement?.tagName).toBe('MAIN');
  });

  it('tells which backend answers', async () => {
    for (const [hosts, expected] of [
      [of(server), 'Talks to a server in Node'],
      [of<Hosts>({ ...server, kind: 'worker' }), 'Talks to a service worker in your browser'],
      [throwError(() => new Error('none')), 'No backend answers'],
    ] as const) {
      expect((await at('/', hosts)).querySelector('.backend')?.textContent).toBe(expected);
      TestBed.resetTestingModule();
    }
  });

  it('switches the theme', async () => {
    localStorage.removeItem('theme');
    const page = await at('/');
    const button = page.querySelector<HTMLButtonElement>('.foot button');
    expect(button?.getAttribute('aria-label')).toBe('Theme: system');
    button?.click();
    await TestBed.inject(Router).navigateByUrl('/');
    TestBed.tick();

    expect(button?.getAttribute('aria-label')).toBe('Theme: light');
    localStorage.removeItem('theme');
    document.documentElement.style.colorScheme = '';
  });
});
