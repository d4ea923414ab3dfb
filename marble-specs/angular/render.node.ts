/** Renders on a server, by Angular's own means: a page that loads something, and shows it. */
import { HttpClient, provideHttpClient, withFetch, withInterceptors, type HttpInterceptorFn } from '@angular/common/http';
import {
  Component,
  inject,
  InjectionToken,
  provideZoneChangeDetection,
  provideZonelessChangeDetection,
  signal,
  type EnvironmentProviders,
  type Provider,
} from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { platformServer, provideServerRendering, renderApplication } from '@angular/platform-server';
import { defer, type Observable } from 'rxjs';

/** What a page loads. It runs in the context of the injector. */
const LOADED = new InjectionToken<() => Observable<unknown>>('LOADED');

@Component({ selector: 'app-root', template: '@for (text of texts(); track $index) { <p>{{ text }}</p> }' })
class Page {
  readonly texts = signal<readonly string[]>([]);

  constructor() {
    const show = (text: string): void => {
      this.texts.update((texts) => [...texts, text]);
    };
    defer(inject(LOADED)).subscribe({
      next: (value) => {
        show(String(value));
      },
      error: (error: unknown) => {
        show(String(error));
      },
    });
  }
}

export const backends = ['XMLHttpRequest', 'fetch'] as const;

export interface RenderOptions {
  /** Which backend of HttpClient sends the requests. */
  readonly backend: (typeof backends)[number];
  readonly interceptors: readonly HttpInterceptorFn[];
  readonly providers?: readonly (Provider | EnvironmentProviders)[];
  /** What the page loads. Each value is a paragraph. */
  readonly load: (http: HttpClient) => Observable<unknown>;
}

/** One render. */
export class Render {
  isDone = false;
  /** The paragraphs of the page, when the render is done. */
  readonly paragraphs: Promise<string[]>;

  constructor({ backend, interceptors, providers = [], load }: RenderOptions) {
    const client = withInterceptors([...interceptors]);
    const config = {
      providers: [
        // The specs run with zone.js too, and then the application does.
        'Zone' in globalThis ? provideZoneChangeDetection() : provideZonelessChangeDetection(),
        provideServerRendering(),
        backend === 'fetch' ? provideHttpClient(client, withFetch()) : provideHttpClient(client),
        {
          provide: LOADED,
          useFactory:
            (http = inject(HttpClient)) =>
            () =>
              load(http),
        },
        ...providers,
      ],
    };
    this.paragraphs = renderApplication((context) => bootstrapApplication(Page, config, context), {
      document: '<app-root></app-root>',
    }).then((html) => {
      this.isDone = true;
      return [...html.matchAll(/<p>(.*?)<\/p>/g)].map(([, text = '']) => text);
    });
  }
}

/**
 * Makes the globals those of a server, and returns a function that restores them. Angular's build for servers defines `ngServerMode`, and the
 * platform of each render defines the types of a DOM.
 */
export function serverGlobals(): () => void {
  const before = Object.getOwnPropertyDescriptors(globalThis);
  Object.assign(globalThis, { ngServerMode: true });
  return () => {
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      if (!(name in before)) {
        Reflect.deleteProperty(globalThis, name);
      }
    }
    Object.defineProperties(globalThis, before);
  };
}

// The first platform of a process decides for ever how Angular finds the parts of a page. The way of a browser would need a browser.
const restoreGlobals = serverGlobals();
platformServer().destroy();
restoreGlobals();
