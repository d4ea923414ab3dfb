import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { MatButton } from '@angular/material/button';

import type { Stage } from './stage';

const largest = 2 ** 32 - 1;
/** Drawn seeds are short, to read them aloud. */
const largestDrawn = 9_999;

/** Whether the server takes a number as a seed. */
export function isSeed(seed: number): boolean {
  return Number.isInteger(seed) && seed >= 0 && seed <= largest;
}

/** Shows the seed of the latencies, to change it by hand, or by a run with another one. */
@Component({
  selector: 'app-seed-control',
  imports: [MatButton],
  template: `
    <label>
      Seed
      <input #seed type="number" min="0" [max]="largest" [value]="stage().seed()" (change)="choose(seed)" />
    </label>
    <button matButton type="button" [disabled]="stage().isRunning()" (click)="another()">Another run</button>
  `,
  styles: `
    :host {
      display: flex;
      gap: 4px;
      align-items: center;
      font-size: 0.875rem;
    }

    input {
      box-sizing: border-box;
      width: 5.5em;
      height: 36px;
      padding: 0 8px;
      border: 1px solid var(--mat-sys-outline);
      border-radius: 8px;
      background: var(--mat-sys-surface);
      color: inherit;
      font: inherit;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SeedControl {
  readonly stage = input.required<Stage>();
  protected readonly largest = largest;

  protected choose(field: HTMLInputElement): void {
    if (isSeed(field.valueAsNumber)) this.stage().chooseSeed(field.valueAsNumber);
    else field.value = String(this.stage().seed());
  }

  protected another(): void {
    const present = this.stage().seed();
    const drawn = 1 + Math.floor(Math.random() * (largestDrawn - 1));
    this.stage().chooseSeed(drawn < present ? drawn : drawn + 1); // any but the present one
    this.stage().run();
  }
}
