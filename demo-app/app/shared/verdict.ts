import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import { Icon, type IconName } from './icon';

export interface Verdict {
  readonly tone: 'good' | 'bad' | 'busy' | 'idle' | 'stopped';
  readonly headline: string;
  readonly detail: string;
}

/** The verdict on a run that the user stopped. */
export const stopped: Verdict = {
  tone: 'stopped',
  headline: 'Stopped.',
  detail: 'The run was stopped and its requests were cancelled, so there is no verdict.',
};

/** The verdict on a run without a backend. */
export function unreachable(error: string): Verdict {
  return { tone: 'stopped', headline: 'No run.', detail: `The backend did not answer: ${error}.` };
}

const icons: Readonly<Record<Verdict['tone'], IconName>> = {
  good: 'good',
  bad: 'bad',
  busy: 'busy',
  idle: 'play',
  stopped: 'stop',
};

/** The result of a run in large letters, which screen readers announce. */
@Component({
  selector: 'app-verdict',
  imports: [Icon],
  template: `
    <div class="verdict" role="status" [attr.data-tone]="verdict().tone">
      <app-icon [name]="icon()" />
      <p>
        <strong>{{ verdict().headline }}</strong>
        <span>{{ verdict().detail }}</span>
      </p>
    </div>
  `,
  styles: `
    .verdict {
      display: flex;
      gap: 14px;
      align-items: center;
      box-sizing: border-box;
      height: 84px;
      padding: 12px 18px;
      border-radius: 16px;
      background: var(--mat-sys-surface-container-high);
    }

    p {
      display: grid;
      flex: 1;
      grid-template-rows: 34px 1fr;
      height: 100%;
      margin: 0;
      overflow: hidden;
    }

    strong {
      font: var(--mat-sys-headline-small);
    }

    app-icon {
      font-size: 1.9rem;
      color: var(--mat-sys-outline);
    }

    [data-tone='good'] {
      background: var(--app-good-surface);

      app-icon,
      strong {
        color: var(--app-good);
      }
    }

    [data-tone='bad'] {
      background: var(--app-bad-surface);

      app-icon,
      strong {
        color: var(--mat-sys-error);
      }
    }

    @media (max-width: 640px) {
      .verdict {
        gap: 10px;
        height: 112px;
        padding: 8px 12px;
      }

      p {
        grid-template-rows: 54px 1fr;
      }

      strong {
        font: var(--mat-sys-title-large);
        line-height: 1.2;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class VerdictBox {
  readonly verdict = input.required<Verdict>();
  protected readonly icon = computed(() => icons[this.verdict().tone]);
}
