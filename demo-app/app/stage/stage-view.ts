import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { MatButton } from '@angular/material/button';

import { CodePanel } from '../code/code-panel';
import { CopyButton } from '../shared/copy-button';
import { Icon } from '../shared/icon';
import { Segments } from '../shared/segments';
import { VerdictBox } from '../shared/verdict';
import { Figures } from './figures';
import { Results } from './results';
import { RunView } from './run-view';
import { SeedControl } from './seed-control';
import type { Stage } from './stage';

/** The frame of a page: contestants, controls, verdict, figures, lanes, results, code. */
@Component({
  selector: 'app-stage',
  imports: [CodePanel, CopyButton, Figures, Icon, MatButton, Results, RunView, SeedControl, Segments, VerdictBox],
  templateUrl: './stage-view.html',
  styleUrl: './stage-view.scss',
  host: { '[attr.data-run]': 'stage().runId()', '[attr.data-state]': 'stage().phase()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StageView {
  readonly stage = input.required<Stage>();
  /** The word on the button that runs the chosen contestant. */
  readonly runLabel = input('Run');
  /** The part of the documentation that has the recipe. */
  readonly recipe = input.required<string>();
  protected readonly address = (): string => this.stage().address();
}
