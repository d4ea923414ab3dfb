import { booleanAttribute, ChangeDetectionStrategy, Component, computed, input, resource } from '@angular/core';

import { CopyButton } from '../shared/copy-button';
import type * as highlight from './highlight';

/** Code to read and to copy. */
@Component({
  selector: 'app-code-panel',
  imports: [CopyButton],
  template: `
    <div class="head">
      <h2>{{ heading() }}</h2>
      <app-copy-button [text]="copied" />
    </div>
    <pre tabindex="0" [attr.aria-label]="heading()"><code [innerHTML]="html()"></code></pre>
  `,
  styleUrl: './code-panel.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CodePanel {
  readonly heading = input.required<string>();
  readonly code = input.required<string>();
  readonly language = input<highlight.Language>('typescript');
  /** Whether the imports are shown too. They are copied in any case. */
  readonly showsImports = input(false, { transform: booleanAttribute });
  protected readonly copied = (): string => this.code().trim();
  private readonly highlighter = resource({ loader: () => loadWhenIdle() });
  protected readonly html = computed(() => {
    const code = this.showsImports() ? this.code().trim() : withoutImports(this.code());
    return this.highlighter.hasValue() ? this.highlighter.value().highlighted(code, this.language()) : escaped(code);
  });
}

let turn = Promise.resolve();

/** Loads the highlighter for one panel after another, when the browser has nothing else to do: so a click need not wait long. */
async function loadWhenIdle(): Promise<typeof highlight> {
  turn = turn.then(idle);
  await turn;
  return import('./highlight');
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) {
      requestIdleCallback(() => {
        resolve();
      });
    } else setTimeout(resolve); // Safari
  });
}

/** The imports stand above the point. They are copied, but not shown. */
function withoutImports(code: string): string {
  return code.replace(/^(?:import [^;]*;\s*)+/, '').trim();
}

function escaped(code: string): string {
  return code.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
