import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';

import { App } from './app';
import { routes } from './routes';

describe('App', () => {
  const at = async (address: string) => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter(routes)],
    });
    const fixture = TestBed.createComponent(App);
    await TestBed.inject(Router).navigateByUrl(address);
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  };
  const heading = (page: HTMLElement) => page.querySelector('h1')?.textContent;

  it('redirects an unknown address to the first page', async () => {
    expect(heading(await at('/nowhere'))).toContain('Serialize');
    expect(document.title).toBe('Serialize · rxjs-locks');
  });

  it('opens a page by its address, and marks the page in the navigation', async () => {
    const page = await at('/limit');

    expect(heading(page)).toContain('Limit');
    expect(document.title).toBe('Limit · rxjs-locks');
    expect(page.querySelector('[aria-current=page]')?.textContent).toContain('Limit');
    expect([...page.querySelectorAll('nav a')].map((link) => link.getAttribute('href'))).toEqual(['/serialize', '/limit']);
  });

  it('moves the focus to the content with the skip link', async () => {
    const page = await at('/serialize');
    document.body.append(page);
    page.querySelector<HTMLElement>('.skip')?.click();

    expect(document.activeElement?.tagName).toBe('MAIN');
  });
});
