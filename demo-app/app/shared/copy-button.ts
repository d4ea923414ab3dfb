import { ChangeDetectionStrategy, Component, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';

import { Icon, type IconName } from './icon';

/** Copies a text, and says so for two seconds. */
@Component({
  selector: 'app-copy-button',
  imports: [Icon, MatButton],
  template: `
    <button matButton type="button" (click)="copy()"><app-icon [name]="icon()" /> {{ isCopied() ? 'Copied' : label() }}</button>
  `,
  styles: `
    app-icon {
      margin-inline-end: 4px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CopyButton {
  readonly label = input('Copy');
  readonly icon = input<IconName>('copy');
  /** Called at each click. */
  readonly text = input.required<() => string>();
  protected readonly isCopied = signal(false);

  protected async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.text()());
    this.isCopied.set(true);
    setTimeout(() => {
      this.isCopied.set(false);
    }, 2_000);
  }
}
