import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import { Icon, type IconName } from './icon';

export interface Verdict {
  readonly tone: 'good' | 'bad' | 'busy' | 'idle' | 'stopped';
  readonly headline: string;
  readonly detail: string;
}

const icons: Readonly<Record<Verdict['tone'], IconName>> = {
  good: 'good',
  bad: 'bad',
  busy: 'busy',
  idle: 'play',
  stopped: 'stop',
};

/** The result of a run as text, which screen readers announce. */
@Component({
  selector: 'app-verdict',
  imports: [Icon],
  template: `
    <div class="verdict" role="status" [attr.data-tone]="verdict().tone">
      <app-icon [name]="icon()" />
      <p>
        <strong>{{ verdict().headline }}</strong> {{ verdict().detail }}
      </p>
    </div>
  `,
  styles: `
    .verdict {
      display: flex;
      gap: 10px;
      align-items: flex-start;
      min-height: 3em;
      padding: 10px 12px;
      border-radius: 10px;
      border-inline-start: 4px solid var(--mat-sys-outline);
      background: var(--mat-sys-surface-container-high);
    }

    p {
      margin: 0;
    }

    app-icon {
      margin-top: 1px;
      color: var(--mat-sys-outline);
    }

    [data-tone='good'] {
      border-color: var(--app-good);
      background: var(--app-good-surface);

      app-icon {
        color: var(--app-good);
      }
    }

    [data-tone='bad'] {
      border-color: var(--mat-sys-error);
      background: var(--app-bad-surface);

      app-icon {
        color: var(--mat-sys-error);
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class VerdictBox {
  readonly verdict = input.required<Verdict>();
  protected readonly icon = computed(() => icons[this.verdict().tone]);
}
