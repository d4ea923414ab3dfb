import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';

/** A segmented control: one of several, by radio buttons. */
@Component({
  selector: 'app-segments',
  template: `
    <fieldset>
      <legend class="visually-hidden">{{ legend() }}</legend>
      @for (option of options(); track option.id) {
        <label>
          <input
            type="radio"
            [name]="legend()"
            [value]="option.id"
            [checked]="chosen().id === option.id"
            (change)="picked.emit(option)"
          />
          <span>{{ option.name }}</span>
        </label>
      }
    </fieldset>
  `,
  styles: `
    fieldset {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      margin: 0;
      padding: 0;
      border: 0;
    }

    label {
      position: relative;
      cursor: pointer;
    }

    input {
      position: absolute;
      inset: 0;
      margin: 0;
      opacity: 0;
      cursor: pointer;
    }

    span {
      display: block;
      padding: 6px 14px;
      border: 1px solid var(--mat-sys-outline);
      border-radius: 999px;
      font-size: 0.875rem;
      line-height: 1.4;
    }

    input:checked + span {
      border-color: var(--mat-sys-secondary-container);
      background: var(--mat-sys-secondary-container);
      color: var(--mat-sys-on-secondary-container);
      font-weight: 600;
    }

    input:focus-visible + span {
      outline: 3px solid var(--mat-sys-primary);
      outline-offset: 2px;
    }

    @media (max-width: 640px) {
      span {
        padding: 4px 10px;
        font-size: 0.8125rem;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Segments<Option extends { readonly id: string; readonly name: string }> {
  readonly legend = input.required<string>();
  readonly options = input.required<readonly Option[]>();
  readonly chosen = input.required<Option>();
  readonly picked = output<Option>();
}
