import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';

export interface Option {
  readonly id: string;
  readonly name: string;
}

/** A list from which the user chooses one. */
@Component({
  selector: 'app-choice',
  template: `
    <label>
      <span>{{ label() }}</span>
      <select #list [value]="chosen()" (change)="choose.emit(list.value)">
        @for (option of options(); track option.id) {
          <option [value]="option.id" [selected]="option.id === chosen()">{{ option.name }}</option>
        }
      </select>
    </label>
  `,
  styles: `
    label {
      display: flex;
      gap: 8px;
      align-items: center;
      font-size: 0.875rem;
    }

    select {
      height: 40px;
      padding: 0 10px;
      border: 1px solid var(--mat-sys-outline);
      border-radius: 8px;
      background: var(--mat-sys-surface);
      color: inherit;
      font: inherit;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Choice {
  readonly label = input.required<string>();
  readonly options = input.required<readonly Option[]>();
  readonly chosen = input.required<string>();
  readonly choose = output<string>();
}
