import { computed, effect, Injectable, signal } from '@angular/core';

const themes = ['system', 'light', 'dark'] as const;
const key = 'theme';

/** The theme that the user has chosen: that of the system, light or dark. */
@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly chosen = signal(themes.find((theme) => theme === localStorage.getItem(key)) ?? 'system');
  readonly name = computed(() => this.chosen());

  constructor() {
    effect(() => {
      const theme = this.chosen();
      localStorage.setItem(key, theme);
      document.documentElement.style.colorScheme = theme === 'system' ? 'light dark' : theme;
    });
  }

  /** Chooses the next theme. */
  next(): void {
    this.chosen.update((theme) => themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system');
  }
}
