import { Location } from '@angular/common';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { MatIconButton } from '@angular/material/button';
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { catchError, filter, map, of } from 'rxjs';

import { Backend } from './run/backend';
import { pageAt, pages } from './routes';
import { Icon } from './shared/icon';
import { Theme } from './shared/theme';

@Component({
  selector: 'app-root',
  imports: [Icon, MatIconButton, RouterLink, RouterLinkActive, RouterOutlet],
  templateUrl: './app.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {
  protected readonly pages = pages;
  protected readonly theme = inject(Theme);
  protected readonly page = toSignal(
    inject(Router).events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(({ urlAfterRedirects }) => pageAt(urlAfterRedirects)),
    ),
    { initialValue: pageAt(inject(Location).path()) },
  );
  /** Which of the two backends answers. */
  protected readonly backend = toSignal(
    inject(Backend).hosts.pipe(
      map(({ kind }) => (kind === 'server' ? 'Talks to a server in Node' : 'Talks to a service worker in your browser')),
      catchError(() => of('No backend answers')),
    ),
    { initialValue: 'Looks for its backend' },
  );
}
