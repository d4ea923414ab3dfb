import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** The states of primitives, beside the lanes. */
@Component({
  selector: 'app-state-panel',
  template: `
    @for (state of shown(); track $index) {
      <span>{{ state.name }}</span>
      @for (part of state.parts; track $index) {
        <code>{{ part }}</code>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 8px;
      align-items: center;
      font-size: 0.8125rem;
    }

    /* As wide with two digits as with one. */
    code {
      min-width: 12ch;
      text-align: center;
      padding: 1px 8px;
      border-radius: 6px;
      background: var(--mat-sys-secondary-container);
      color: var(--mat-sys-on-secondary-container);
      font-variant-numeric: tabular-nums;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatePanel {
  readonly states = input.required<readonly { readonly name: string; readonly state: object }[]>();
  protected readonly shown = computed(() =>
    this.states().map(({ name, state }) => ({
      name,
      parts: Object.entries(state).map(([part, value]) => `${part} ${String(value)}`),
    })),
  );
}
