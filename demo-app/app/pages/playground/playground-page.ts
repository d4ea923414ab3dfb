import { ChangeDetectionStrategy, Component, computed } from '@angular/core';
import { MatButton } from '@angular/material/button';

import { CodePanel } from '../../code/code-panel';
import { Icon } from '../../shared/icon';
import { Segments } from '../../shared/segments';
import { RunView } from '../../stage/run-view';
import type { Dial } from './board';
import { Playground } from './playground';

@Component({
  selector: 'app-playground-page',
  imports: [CodePanel, Icon, MatButton, RunView, Segments],
  templateUrl: './playground-page.html',
  styleUrl: './playground-page.scss',
  host: { '[attr.data-state]': 'state()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PlaygroundPage {
  protected readonly play = new Playground();
  protected readonly state = computed(() => {
    if (this.play.isEmpty()) return 'idle';
    return this.play.isRunning() ? 'running' : 'ended';
  });

  protected turn(dial: Dial, value: number): void {
    this.play.press(() => {
      dial.set(value);
    });
  }
}
