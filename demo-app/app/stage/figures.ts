import { ChangeDetectionStrategy, Component, input } from '@angular/core';

import type { Judgement } from './scenario';

/** The figures of a run, by their labels. */
@Component({
  selector: 'app-figures',
  template: `
    <dl class="figures">
      @for (figure of figures(); track figure.label) {
        <div [attr.data-tone]="figure.tone">
          <dt>{{ figure.label }}</dt>
          <dd>{{ figure.value }}</dd>
        </div>
      }
    </dl>
  `,
  styles: `
    .figures {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(7.5em, 1fr));
      gap: 8px;
      min-height: 60px;
      margin: 0;

      div {
        padding: 5px 14px;
        border: 1px solid var(--mat-sys-outline-variant);
        border-radius: 12px;
      }

      dt {
        color: var(--mat-sys-on-surface-variant);
        font-size: 0.8125rem;
      }

      dd {
        margin: 0;
        font: var(--mat-sys-headline-small);
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }

      [data-tone='good'] dd {
        color: var(--app-good);
      }

      [data-tone='bad'] dd {
        color: var(--mat-sys-error);
      }
    }

    @media (max-width: 640px) {
      .figures {
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 6px;

        div {
          padding: 4px 10px;
        }

        dd {
          font: var(--mat-sys-title-medium);
        }
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Figures {
  readonly figures = input.required<Judgement['figures']>();
}
