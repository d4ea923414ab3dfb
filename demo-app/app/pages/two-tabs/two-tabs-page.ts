import { ChangeDetectionStrategy, Component, computed } from '@angular/core';
import { MatButton } from '@angular/material/button';

import { CodePanel } from '../../code/code-panel';
import { Lanes } from '../../lanes/lanes';
import { Icon } from '../../shared/icon';
import { Segments } from '../../shared/segments';
import { VerdictBox } from '../../shared/verdict';
import { Figures } from '../../stage/figures';
import { Results } from '../../stage/results';
import type { Legend } from '../../stage/run-view';
import { StatePanel } from '../../stage/state-panel';
import { TwoTabs } from './two-tabs';

const legends: Readonly<Record<'work' | 'run', Legend>> = {
  work: { queued: 'waits for the lock', holding: 'works' },
  run: { sent: 'the request is on its way', queued: 'waits for the lock', server: 'refreshes' },
};

@Component({
  selector: 'app-two-tabs-page',
  imports: [CodePanel, Figures, Icon, Lanes, MatButton, Results, Segments, StatePanel, VerdictBox],
  templateUrl: './two-tabs-page.html',
  styleUrls: ['../../stage/stage-view.scss', '../../stage/run-view.scss', './two-tabs-page.scss'],
  host: { '[attr.data-run]': 'page.runId()', '[attr.data-tabs]': 'page.tabs().length', '[attr.data-state]': 'page.phase()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TwoTabsPage {
  protected readonly page = new TwoTabs();
  protected readonly states = computed(() => (this.page.isWork() ? [{ name: 'the lock', state: this.page.lockState() }] : []));
  protected readonly legend = computed(() => Object.entries(legends[this.page.isWork() ? 'work' : 'run']));
}
