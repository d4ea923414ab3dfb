import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, DestroyRef, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { scan } from 'rxjs';

import { CodePanel } from '../../code/code-panel';
import { Icon } from '../../shared/icon';
import { differences, type Example, examples, fromAsyncio, fromRxjs } from './words';

/** The words of the library beside those of asyncio and of RxJS. */
@Component({
  selector: 'app-words-page',
  imports: [CodePanel, Icon, MatButton, NgTemplateOutlet],
  templateUrl: './words-page.html',
  styleUrl: './words-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WordsPage {
  private readonly destroyRef = inject(DestroyRef);
  protected readonly examples = examples;
  protected readonly fromAsyncio = fromAsyncio;
  protected readonly differences = differences;
  protected readonly fromRxjs = fromRxjs;
  /** What the examples have printed, by their names. */
  protected readonly printed = signal<Readonly<Record<string, string>>>({});

  protected run({ name, main }: Example): void {
    main
      .pipe(
        scan((before, line) => `${before}${before === '' ? '' : ', '}${line}`, ''),
        takeUntilDestroyed(this.destroyRef),
      )
      .subscribe((text) => {
        this.printed.update((printed) => ({ ...printed, [name]: text }));
      });
  }
}
