/** Angular applications in Node: real injectors and the real HttpClient, without a page. */
import {
  HttpClient,
  provideHttpClient,
  withFetch,
  withInterceptors,
  type HttpContext,
  type HttpErrorResponse,
  type HttpInterceptorFn,
} from '@angular/common/http';
import {
  type ApplicationRef,
  createEnvironmentInjector,
  DOCUMENT,
  ErrorHandler,
  PLATFORM_ID,
  provideZoneChangeDetection,
  provideZonelessChangeDetection,
  runInInjectionContext,
  type EnvironmentInjector,
  type EnvironmentProviders,
  type Provider,
  ɵsetDocument,
} from '@angular/core';
import { createApplication } from '@angular/platform-browser';
import { Subscription, type Observable } from 'rxjs';

import { setTimeout as sleep } from 'node:timers/promises';

import { Server } from './server.node.js';

export interface AppOptions {
  readonly providers?: readonly (Provider | EnvironmentProviders)[];
  readonly interceptors?: readonly HttpInterceptorFn[];
  readonly isServer?: boolean;
}

/** A page that is still loading, for the parts of Angular that need one. */
const page = Object.assign(new EventTarget(), {
  readyState: 'loading',
  defaultView: null,
  getElementById: () => null,
}) as unknown as Document;

/** One application. */
export class App {
  /** What its ErrorHandler got. */
  readonly errors: unknown[] = [];

  private constructor(readonly ref: ApplicationRef) {}

  get injector(): EnvironmentInjector {
    return this.ref.injector;
  }

  get http(): HttpClient {
    return this.injector.get(HttpClient);
  }

  static async start({ providers = [], interceptors = [], isServer = false }: AppOptions): Promise<App> {
    const errors: unknown[] = [];
    ɵsetDocument(page);
    const ref = await createApplication({
      providers: [
        // The specs run with zone.js too, and then the application does.
        'Zone' in globalThis ? provideZoneChangeDetection() : provideZonelessChangeDetection(),
        provideHttpClient(withFetch(), withInterceptors([...interceptors])),
        { provide: ErrorHandler, useValue: { handleError: (error: unknown) => errors.push(error) } },
        isServer ? { provide: PLATFORM_ID, useValue: 'server' } : [],
        { provide: DOCUMENT, useValue: page },
        ...providers,
      ],
    });
    return Object.assign(new App(ref), { errors });
  }

  /** Runs a function in the context of the injector. */
  run<T>(fn: () => T): T {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- an EnvironmentInjector implements Injector
    return runInInjectionContext(this.injector, fn);
  }

  /** Makes the injector of a lazy route. */
  route(providers: (Provider | EnvironmentProviders)[]): EnvironmentInjector {
    return createEnvironmentInjector(providers, this.injector);
  }

  /** Whether the application becomes stable by itself. A change detection that is due takes some milliseconds. */
  isStable(): Promise<boolean> {
    return Promise.race([this.ref.whenStable().then(() => true), sleep(20, false)]);
  }

  stable(): Promise<void> {
    return this.ref.whenStable();
  }

  destroy(): void {
    if (!this.ref.destroyed) {
      this.ref.destroy();
    }
  }
}

/** A server and applications for each spec of a `describe`. */
export class Scene {
  server = new Server();
  private apps: App[] = [];

  constructor() {
    beforeEach(async () => {
      this.apps = [];
      this.server = await new Server().start();
    });
    afterEach(async () => {
      for (const app of this.apps) {
        app.destroy();
      }
      await this.server.stop();
    });
  }

  async start(options: AppOptions): Promise<App> {
    const app = await App.start(options);
    this.apps.push(app);
    return app;
  }

  /** An application with these interceptors. */
  with(...interceptors: HttpInterceptorFn[]): Promise<App> {
    return this.start({ interceptors });
  }

  /** Sends a request, and notes how it ends. */
  send(http: HttpClient, name: string, options: SendOptions = {}): Sent {
    const [method = '', path = ''] = name.split(' ');
    return new Sent(http.request(method, `${this.server.url}${path}`, options));
  }
}

export interface SendOptions {
  readonly context?: HttpContext;
  readonly body?: string;
}

/** A request, as its caller sees it. */
export class Sent {
  /** How it has ended, or undefined. */
  end: 'answered' | 'failed' | undefined;
  error: unknown;
  /** Settled when the request has ended, or is cancelled. */
  readonly over: Promise<void>;
  readonly cancel: () => void;

  constructor(request: Observable<unknown>) {
    let subscription = Subscription.EMPTY;
    this.over = new Promise((resolve) => {
      subscription = request.subscribe({
        error: (error: unknown) => {
          this.end = 'failed';
          this.error = error;
          resolve();
        },
        complete: () => {
          this.end = 'answered';
          resolve();
        },
      });
      subscription.add(resolve);
    });
    this.cancel = () => {
      subscription.unsubscribe();
    };
  }

  /** The status of the error. */
  get status(): unknown {
    return (this.error as HttpErrorResponse | undefined)?.status;
  }
}
