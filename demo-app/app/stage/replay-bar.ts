import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Subscription } from 'rxjs';

import { clock } from '../run/clock';
import { Icon } from '../shared/icon';
import type { Replay } from './replay';

/** How much slower than life a replay is. */
const slowness = 4;

/** Replays a finished run: slowly, step by step, or by hand. */
@Component({
  selector: 'app-replay-bar',
  imports: [Icon, MatButton],
  template: `
    <button matButton="tonal" type="button" [disabled]="!canReplay()" (click)="isPlaying() ? pause() : play()">
      <app-icon [name]="isPlaying() ? 'stop' : 'play'" /> {{ isPlaying() ? 'Pause' : 'Replay slowly' }}
    </button>
    <button matButton type="button" [disabled]="!canReplay()" (click)="step(-1)">Step back</button>
    <button matButton type="button" [disabled]="!canReplay()" (click)="step(1)">Step</button>
    <label>
      <span class="visually-hidden">Time of the replay in milliseconds</span>
      <input
        #time
        type="range"
        min="0"
        step="10"
        [max]="duration()"
        [value]="shown()"
        [disabled]="!canReplay()"
        (input)="seek(time.valueAsNumber)"
      />
    </label>
    <output>{{ (shown() / 1000).toFixed(2) }} s</output>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 8px;
      align-items: center;
      min-height: 44px;
    }

    label {
      flex: 1 1 140px;
    }

    input {
      width: 100%;
      accent-color: var(--mat-sys-primary);
    }

    output {
      min-width: 4.5em;
      font-variant-numeric: tabular-nums;
      text-align: end;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ReplayBar {
  readonly run = input.required<Replay>();
  protected readonly isPlaying = signal(false);
  protected readonly canReplay = computed(() => this.run().canReplay());
  protected readonly duration = computed(() => Math.ceil(this.run().duration()));
  protected readonly shown = computed(() => this.run().now());
  private playing = Subscription.EMPTY;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.playing.unsubscribe();
    });
  }

  protected play(): void {
    const { cursor, duration } = this.run();
    const from = cursor() === null || cursor() === duration() ? 0 : (cursor() ?? 0);
    const beganAt = performance.now();
    this.isPlaying.set(true);
    this.playing = clock().subscribe(() => {
      const time = from + (performance.now() - beganAt) / slowness;
      this.run().cursor.set(Math.min(time, duration()));
      if (time >= duration() || !this.canReplay()) this.pause();
    });
  }

  protected pause(): void {
    this.playing.unsubscribe();
    this.isPlaying.set(false);
  }

  protected seek(time: number): void {
    this.pause();
    this.run().cursor.set(time);
  }

  /** Goes to the next moment, or to the one before. */
  protected step(direction: 1 | -1): void {
    this.pause();
    const times = (this.run().recording()?.moments() ?? []).map(({ at }) => at);
    const now = this.run().now();
    const next = direction === 1 ? times.find((at) => at > now) : times.filter((at) => at < now).at(-1);
    if (next !== undefined) this.run().cursor.set(next);
  }
}
