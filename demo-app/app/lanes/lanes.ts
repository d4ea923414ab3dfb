import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  input,
  output,
  signal,
} from '@angular/core';

import { Icon } from '../shared/icon';
import type { Lane, Mark, Period, Phase } from './lane';

/** The width of the track of a lane before it is measured. */
const startWidth = 600;
const height = 18;
/** The least distance of two ticks. */
const tickWidth = 42;

const symbols: Readonly<Record<Mark['kind'], string>> = {
  damage: '✕',
  refused: '!',
  failed: '✕',
  cancelled: '–',
  hung: '?',
  done: '',
  note: '',
};

/** Draws actors over time, each in a lane of its own. */
@Component({
  selector: 'app-lanes',
  imports: [Icon],
  templateUrl: './lanes.html',
  styleUrl: './lanes.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Lanes {
  readonly lanes = input.required<readonly Lane[]>();
  /** The begin of what is drawn, in milliseconds. */
  readonly from = input(0);
  /** The end of what is drawn, in milliseconds. */
  readonly now = input.required<number>();
  /** The milliseconds that are visible at least. */
  readonly span = input(2_000);
  readonly label = input.required<string>();
  /** Drawn behind all lanes. */
  readonly periods = input<readonly Period[]>([]);
  /** Whether the waiting lanes have a button that cancels them. */
  readonly isLive = input(false);
  readonly cancelled = output<string>();

  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly width = signal(startWidth);

  protected readonly height = height;
  /** Milliseconds from the left end to the right one. It grows in large steps, so that the drawing seldom changes its scale. */
  protected readonly scale = computed(() => {
    let scale = this.span();
    while (scale < this.now() - this.from()) scale *= 1.5;
    return scale;
  });
  protected readonly ticks = computed(() => {
    const step =
      [250, 500, 1_000, 2_000, 5_000, 10_000].find((each) => this.scale() / each <= Math.min(8, this.width() / tickWidth)) ??
      30_000;
    const first = Math.ceil(this.from() / step);
    const last = Math.floor((this.from() + this.scale()) / step);
    return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  });
  protected readonly rows = computed(() => this.lanes().map((lane) => ({ lane, ...this.drawn(lane) })));
  protected readonly shades = computed(() =>
    this.periods()
      .filter(({ from }) => from <= this.now())
      .map(({ from, to }) => {
        const x = this.x(from);
        return { x, width: Math.max(1, this.x(Math.min(to ?? Infinity, this.now())) - x) };
      }),
  );

  constructor() {
    const observer = new ResizeObserver(() => {
      const track = this.element.nativeElement.querySelector('.axis svg');
      if (track !== null && track.clientWidth > 0) this.width.set(track.clientWidth);
    });
    observer.observe(this.element.nativeElement);
    inject(DestroyRef).onDestroy(() => {
      observer.disconnect();
    });
  }

  protected x(time: number): number {
    return Math.max(0, ((time - this.from()) / this.scale()) * this.width());
  }

  private drawn({ stretches, marks }: Lane): { bars: readonly Bar[]; signs: readonly Sign[] } {
    return {
      bars: stretches
        .filter(({ to }) => to === null || to >= this.from())
        .map(({ phase, from, to }) => {
          const x = this.x(from);
          return { phase, x, width: Math.max(1, this.x(to ?? this.now()) - x) };
        }),
      signs: marks
        .filter(({ at, kind }) => symbols[kind] !== '' && at >= this.from())
        .map(({ at, kind, text }) => ({ kind, text, symbol: symbols[kind], x: Math.min(this.x(at), this.width() - 8) })),
    };
  }
}

interface Bar {
  readonly phase: Phase;
  readonly x: number;
  readonly width: number;
}

interface Sign {
  readonly kind: string;
  readonly text: string;
  readonly symbol: string;
  readonly x: number;
}
