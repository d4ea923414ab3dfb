import { inject, Injectable, type OnDestroy, signal } from '@angular/core';
import { concat, finalize, Subscription } from 'rxjs';

import { Batch } from './batch';
import { DownloadService } from './download-service';

/** Runs the same downloads without a limit, and then with one. In parallel they would share the browser's connections. */
@Injectable()
export class DownloadSession implements OnDestroy {
  private readonly downloads = inject(DownloadService);
  private readonly isBusy = signal(false);
  private subscription = Subscription.EMPTY;

  readonly busy = this.isBusy.asReadonly();
  readonly limit = signal(3);
  /** Whether to make the server refuse every tenth file. */
  readonly refusing = signal(false);
  readonly semaphoreState = this.downloads.semaphoreState;
  readonly unlimited = new Batch(this.downloads, (...file) => this.downloads.downloadWithoutLimit(...file));
  readonly limited = new Batch(this.downloads, (...file) => this.downloads.downloadWithLimit(...file));

  choose(limit: number): void {
    this.limit.set(limit);
    this.downloads.limit(limit);
  }

  play(): void {
    this.stop();
    this.unlimited.clear();
    this.limited.clear();
    this.isBusy.set(true);
    this.downloads.limit(this.limit());
    const seed = Math.floor(Math.random() * 2 ** 32);
    this.subscription = concat(
      this.unlimited.start(seed, null, this.refusing()),
      this.limited.start(seed, this.limit(), this.refusing()),
    )
      .pipe(
        finalize(() => {
          this.isBusy.set(false);
        }),
      )
      .subscribe();
  }

  /** Cancels all active downloads. */
  stop(): void {
    this.subscription.unsubscribe();
  }

  ngOnDestroy(): void {
    this.stop();
  }
}
