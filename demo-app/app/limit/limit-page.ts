import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatSlideToggleModule } from '@angular/material/slide-toggle';
import { MatSliderModule } from '@angular/material/slider';

import { Icon } from '../shared/icon';
import { BatchPanel } from './batch-panel';
import { DownloadSession } from './download-session';

@Component({
  selector: 'app-limit-page',
  imports: [BatchPanel, Icon, MatButtonModule, MatSliderModule, MatSlideToggleModule],
  providers: [DownloadSession],
  templateUrl: './limit-page.html',
  styleUrl: './limit-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LimitPage {
  protected readonly session = inject(DownloadSession);
}
