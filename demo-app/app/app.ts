import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatTabsModule } from '@angular/material/tabs';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';

import { Icon } from './shared/icon';

@Component({
  selector: 'app-root',
  imports: [Icon, MatTabsModule, RouterLink, RouterLinkActive, RouterOutlet],
  templateUrl: './app.html',
  styleUrl: './app.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {
  protected readonly pages = [
    { path: '/serialize', name: 'Serialize', icon: 'lock' },
    { path: '/limit', name: 'Limit', icon: 'gauge' },
  ] as const;
}
