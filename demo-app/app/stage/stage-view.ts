import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';

import { CodePanel } from '../code/code-panel';
import { Lanes } from '../lanes/lanes';
import { Icon } from '../shared/icon';
import { VerdictBox } from '../shared/verdict';
import { ReplayBar } from './replay-bar';
import { Results } from './results';
import type { Contestant } from './scenario';
import type { Stage } from './stage';
import { StatePanel } from './state-panel';

/** The frame of a page: contestants, controls, verdict, figures, lanes, results, code. */
@Component({
  selector: 'app-stage',
  imports: [CodePanel, Icon, Lanes, MatButton, ReplayBar, Results, StatePanel, VerdictBox],
  templateUrl: './stage-view.html',
  styleUrl: './stage-view.scss',
  host: { '[attr.data-run]': 'stage().runId()', '[attr.data-state]': 'stage().phase()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StageView {
  readonly stage = input.required<Stage>();
  readonly heading = input.required<string>();
  /** The word on the button that runs the chosen contestant. */
  readonly runLabel = input('Run');
  /** The part of the documentation that has the recipe. */
  readonly recipe = input.required<string>();

  protected readonly isCopied = signal(false);
  protected readonly names = computed(() => this.stage().scenario.contestants.map(({ name }) => name));

  protected choose(contestant: Contestant): void {
    this.stage().choose(contestant);
  }

  protected async copyAddress(): Promise<void> {
    await navigator.clipboard.writeText(this.stage().address());
    this.isCopied.set(true);
    setTimeout(() => {
      this.isCopied.set(false);
    }, 2_000);
  }
}
