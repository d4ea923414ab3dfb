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
  key: 'M14 3a7 7 0 1 1-3.6 13L9 17.4V19H7v2H3v-3.6l6.3-6.3A7 7 0 0 1 14 3Zm1.8 3.2a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z',
  save: 'M5 3h11l5 5v11a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm2 2v4h8V5H7Zm5 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  list: 'M3 5h4v4H3V5Zm6 1h12v2H9V6Zm-6 4h4v4H3v-4Zm6 1h12v2H9v-2Zm-6 4h4v4H3v-4Zm6 1h12v2H9v-2Z',
  retry: 'M12 4a8 8 0 0 1 7 4V4h2v8h-8v-2h4.7A6 6 0 1 0 18 14h2a8 8 0 1 1-8-10Z',
  offline:
    'm3.4 2 18.6 18.6-1.4 1.4-7-7a4 4 0 0 0-5 .6l-1.4-1.4a6 6 0 0 1 4.4-1.8L9.2 10a9.5 9.5 0 0 0-4.8 2.6L3 11.2A11.4 11.4 0 0 1 7.7 8.4L2 3.4 3.4 2ZM12 17a2 2 0 1 1 0 4 2 2 0 0 1 0-4Zm0-10a11.5 11.5 0 0 1 9 4.2l-1.4 1.4a9.5 9.5 0 0 0-5.4-3.2L12 7Z',
  tabs: 'M7 3h12a2 2 0 0 1 2 2v11h-2V7H9V5H7V3ZM5 8h10a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2Zm0 4v7h10v-7H5Z',
  people:
    'M8 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7Zm8 1a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 14c4 0 7 2 7 4.5V20H1v-1.5C1 16 4 14 8 14Zm8 0c3.5 0 7 1.5 7 4v2h-6v-1.5c0-1.7-.9-3.2-2.3-4.3L16 14Z',
  copy: 'M8 2h11a2 2 0 0 1 2 2v13h-2V4H8V2ZM5 6h9a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2Zm0 2v12h9V8H5Z',
  link: 'M10.6 13.4a1 1 0 0 1 0 1.4 4 4 0 0 1-5.6 0 4 4 0 0 1 0-5.7l3-3a4 4 0 0 1 5.7 0l-1.4 1.4a2 2 0 0 0-2.9 0l-3 3a2 2 0 1 0 2.9 2.9 1 1 0 0 1 1.3 0Zm2.8-2.8a1 1 0 0 1 0-1.4 4 4 0 1 1 5.6 5.7l-3 3a4 4 0 0 1-5.7 0l1.4-1.4a2 2 0 0 0 2.9 0l3-3a2 2 0 1 0-2.9-2.9 1 1 0 0 1-1.3 0Z',
  words: 'M4 4h7a3 3 0 0 1 1 .2A3 3 0 0 1 13 4h7v14h-7a1 1 0 0 0-1 1 1 1 0 0 0-1-1H4V4Zm2 2v10h5V6H6Zm7 0v10h5V6h-5Z',
  theme: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20Zm0 2v16a8 8 0 0 0 0-16Z',
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
