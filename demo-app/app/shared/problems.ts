import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** The list of errors. */
@Component({
  selector: 'app-problems',
  template: `
    <div role="alert">
      @if (problems().length > 0) {
        <ul>
          @for (problem of problems(); track $index) {
            <li>{{ problem }}</li>
          }
        </ul>
      }
    </div>
  `,
  styles: `
    ul {
      margin: 0;
      padding: 8px 12px 8px 28px;
      border-radius: 10px;
      background: var(--mat-sys-error-container);
      color: var(--mat-sys-on-error-container);
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Problems {
  readonly problems = input.required<readonly string[]>();
}
