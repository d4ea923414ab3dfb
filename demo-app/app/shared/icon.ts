import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

const paths = {
  lock: 'M6 10V7a6 6 0 0 1 12 0v3h1a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2h1Zm2 0h8V7a4 4 0 0 0-8 0v3Z',
  gauge:
    'M12 4a10 10 0 0 1 8.7 15H3.3A10 10 0 0 1 12 4Zm0 2a8 8 0 0 0-7.5 11h15A8 8 0 0 0 12 6Zm4.9 3.7-3.6 5.1a1.7 1.7 0 1 1-2.2-2.2l5.8-2.9Z',
  play: 'M7 4.5v15a1 1 0 0 0 1.5.9l12-7.5a1 1 0 0 0 0-1.7l-12-7.6A1 1 0 0 0 7 4.5Z',
  stop: 'M6 5h12a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z',
  cross: 'm6.7 5.3 5.3 5.3 5.3-5.3 1.4 1.4-5.3 5.3 5.3 5.3-1.4 1.4-5.3-5.3-5.3 5.3-1.4-1.4 5.3-5.3-5.3-5.3 1.4-1.4Z',
  good: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20Zm4.6 6.2-6.1 6.1-3.1-3-1.4 1.4 4.5 4.5L18 9.6l-1.4-1.4Z',
  bad: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20Zm-1 5v7h2V7h-2Zm0 8.5v2h2v-2h-2Z',
  busy: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20Zm-1 5v6l4.6 2.8 1-1.7L13 12V7h-2Z',
} as const;

export type IconName = keyof typeof paths;

/** A decorative icon, hidden from screen readers. */
@Component({
  selector: 'app-icon',
  template: `<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path [attr.d]="path()" /></svg>`,
  styles: `
    :host {
      display: inline-flex;
      vertical-align: -0.22em;
    }

    svg {
      width: 1.2em;
      height: 1.2em;
      fill: currentColor;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly path = computed(() => paths[this.name()]);
}
