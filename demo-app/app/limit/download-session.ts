import { inject, Injectable, type OnDestroy, signal } from '@angular/core';
import { concat, finalize, Subscription } from 'rxjs';

import { Batch } from './batch';
import { DownloadService } from './download-service';

/** The same downloads first without a limit, then within one: together they would share the browser's connections. */
@Injectable()
export class DownloadSession implements OnDestroy {
  private readonly downloads = inject(DownloadService);
  private readonly isBusy = signal(false);
  private work = Subscription.EMPTY;

  readonly busy = this.isBusy.asReadonly();
  readonly limit = signal(3);
  /** Whether the server is to refuse every tenth file. */
  readonly refusing = signal(false);
  readonly semaphoreState = this.downloads.semaphoreState;
  readonly atOnce = new Batch(this.downloads, (...file) => this.downloads.downloadAtOnce(...file));
  readonly inTurn = new Batch(this.downloads, (...file) => this.downloads.downloadInTurn(...file));

  choose(limit: number): void {
    this.limit.set(limit);
    this.downloads.limit(limit);
  }

  play(): void {
    this.stop();
    this.atOnce.clear();
    this.inTurn.clear();
    this.isBusy.set(true);
    this.downloads.limit(this.limit());
    const seed = Math.floor(Math.random() * 2 ** 32);
    this.work = concat(this.atOnce.start(seed, null, this.refusing()), this.inTurn.start(seed, this.limit(), this.refusing()))
      .pipe(
        finalize(() => {
          this.isBusy.set(false);
        }),
      )
      .subscribe();
  }

  /** Unsubscribes all that is under way. */
  stop(): void {
    this.work.unsubscribe();
  }

  ngOnDestroy(): void {
    this.stop();
  }
}
