import { startTimer } from '../../internal/remote/index.js';

/** One wait at a time, for a moment or for news, whichever is first. */
export class Alarm {
  private ring: (() => void) | undefined = undefined;

  /** Resolves at the time of `performance.now()`, or when {@link wake} is called. */
  wait(until: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = until < Infinity ? startTimer(() => this.ring?.(), until - performance.now()) : undefined;
      this.ring = () => {
        this.ring = undefined;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** There is news. If nothing waits for it, it is found before the next wait. */
  wake(): void {
    this.ring?.();
  }
}
