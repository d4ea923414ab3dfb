import { ChangeDetectionStrategy, Component, computed, effect, input, signal } from '@angular/core';
import { combineLatest, map, type Observable } from 'rxjs';

import type { Traced } from '../run/live-run';

interface ShownState {
  readonly name: string;
  readonly parts: readonly string[];
}

/** The states of primitives, beside the lanes. */
@Component({
  selector: 'app-state-panel',
  template: `
    @for (state of states(); track $index) {
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
  readonly primitives = input.required<readonly Traced[]>();
  private readonly all = signal<readonly ShownState[]>([]);
  protected readonly states = computed(() => (this.primitives().length === 0 ? [] : this.all()));

  constructor() {
    effect((onCleanup) => {
      const subscription = combineLatest(this.primitives().flatMap(shown)).subscribe((states) => {
        this.all.set(states);
      });
      onCleanup(() => {
        subscription.unsubscribe();
      });
    });
  }
}

function shown({ name, state }: Traced): Observable<ShownState>[] {
  if (state === undefined) return [];
  const states = state.pipe(
    map((now) => ({
      name,
      parts: Object.entries(now).map(([name, value]) => `${name} ${String(value)}`),
    })),
  );
  return [states];
}
