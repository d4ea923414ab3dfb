/**
 * Enumerates all sequences of choices that a program can make. The program runs again and again; in each run, the last choice
 * that has an alternative left takes the next one. So no state of the program has to be stored or undone.
 */
export class Choices {
  private readonly taken: number[] = [];
  private readonly limits: number[] = [];
  private at = 0;
  private isReplay = false;

  /** Whether a replay reached a choice that the first run did not have. */
  isAstray = false;

  /** One of `limit` alternatives, from 0. */
  choose(limit: number): number {
    const { taken, limits } = this;
    const at = this.at++;
    if (at === taken.length && !this.isReplay) {
      taken.push(0);
      limits.push(limit);
    }
    if (limits[at] !== limit) {
      this.isAstray = true;
    }
    return taken[at] ?? 0;
  }

  /** Repeats the same choices, for another program that should make them too. */
  replay(): void {
    this.at = 0;
    this.isReplay = true;
  }

  /** Goes on to the next sequence; false when there is none. */
  next(): boolean {
    this.at = 0;
    this.isReplay = false;
    for (;;) {
      const last = this.taken.pop();
      const limit = this.limits.pop();
      if (last === undefined || limit === undefined) {
        return false;
      }
      if (last + 1 < limit) {
        this.taken.push(last + 1);
        this.limits.push(limit);
        return true;
      }
    }
  }
}
