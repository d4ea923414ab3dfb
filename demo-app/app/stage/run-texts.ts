import { ChangeDetectionStrategy, Component, computed, type ElementRef, input, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';

import { CodePanel } from '../code/code-panel';
import type { Viewable } from './replay';

interface Text {
  readonly heading: string;
  readonly note: string;
  readonly code: string | undefined;
  readonly language: 'plaintext' | 'typescript';
}

/** A finished run as a text to copy: as a marble diagram, or as a spec. */
@Component({
  selector: 'app-run-texts',
  imports: [CodePanel, MatButton],
  template: `
    <button matButton type="button" [disabled]="!isReady()" (click)="showDiagram()">As a marble diagram</button>
    <button matButton type="button" [disabled]="!isReady()" (click)="showSpec()">As a spec</button>
    <dialog #dialog [attr.aria-label]="text()?.heading" (close)="text.set(undefined)">
      @if (text(); as shown) {
        <p>{{ shown.note }}</p>
        @if (shown.code !== undefined) {
          <app-code-panel [heading]="shown.heading" [code]="shown.code" [language]="shown.language" showsImports />
        }
        <p class="close"><button matButton="tonal" type="button" (click)="dialog.close()">Close</button></p>
      }
    </dialog>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
    }

    dialog {
      box-sizing: border-box;
      width: min(1100px, 100vw - 24px);
      max-height: calc(100vh - 24px);
      padding: 16px 20px;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 16px;
      background: var(--mat-sys-surface);
      color: inherit;
    }

    dialog::backdrop {
      background: rgb(0 0 0 / 45%);
    }

    p {
      margin: 0 0 8px;
    }

    .close {
      margin: 12px 0 0;
      text-align: end;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunTexts {
  readonly run = input.required<Viewable>();
  protected readonly isReady = computed(() => this.run().canReplay() && this.steps().length > 0);
  protected readonly text = signal<Text | undefined>(undefined);
  private readonly steps = computed(() => this.run().recording()?.traced() ?? []);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  protected async showDiagram(): Promise<void> {
    const { diagramOf } = await import('./texts/texts');
    this.show({
      heading: 'Marble diagram',
      note: 'A character is 20 ms. p waits from here on, g is granted, r releases, x leaves, w is woken, n notifies, z resizes.',
      code: diagramOf(this.steps()),
      language: 'plaintext',
    });
  }

  protected async showSpec(): Promise<void> {
    const { specOf } = await import('./texts/texts');
    const code = specOf(this.steps(), this.run().primitives());
    this.show({
      heading: 'Spec for Jasmine',
      note:
        code === undefined
          ? 'A spec can be written of a run with one lock or one semaphore. Of this run there is the marble diagram.'
          : 'The run once more, in virtual time. The expected diagram was drawn by this program.',
      code,
      language: 'typescript',
    });
  }

  private show(text: Text): void {
    this.text.set(text);
    this.dialog().nativeElement.showModal();
  }
}
