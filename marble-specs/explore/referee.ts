/** Knows, from what the visitors themselves say, who waits in which order and who is inside; notes what must not be. */
export class Referee {
  /** What was wrong, if anything was. */
  wrong: string | undefined;

  /** How often someone from outside has released what all of them held. */
  releases = 0;

  /** Who has come and was neither let in nor sent away, in the order in which they came. */
  private readonly line: { readonly name: string; readonly weight: number; readonly isFirst: boolean }[] = [];
  private readonly inside = new Map<string, number>();

  /** How much is inside. */
  get held(): number {
    return [...this.inside.values()].reduce((sum, weight) => sum + weight, 0);
  }

  get waiting(): number {
    return this.line.length;
  }

  /** What the first in line wants. */
  get wanted(): number | undefined {
    return this.line[0]?.weight;
  }

  /** @param waiting - how many stand in line: if nobody does, one may go in at once though others are yet to be told. */
  comes(name: string, weight: number, waiting: number): void {
    this.line.push({ name, weight, isFirst: waiting === 0 });
  }

  goes(name: string): void {
    const place = this.placeOf(name);
    if (place >= 0) {
      this.line.splice(place, 1);
    }
  }

  enters(name: string): void {
    const place = this.placeOf(name);
    if (place > 0 && !(place === this.line.length - 1 && this.line[place]?.isFirst)) {
      this.wrong = `${name} went in before ${String(this.line[0]?.name)}, who had come before`;
    }
    this.inside.set(name, this.line[place]?.weight ?? 1);
    this.goes(name);
  }

  /** It is inside with less than it came for. */
  keeps(name: string, weight: number): void {
    if (this.inside.has(name)) {
      this.inside.set(name, weight);
    }
  }

  exits(name: string): void {
    this.inside.delete(name);
  }

  /** Someone from outside has released what all of them hold. */
  allExit(): void {
    this.releases++;
    this.inside.clear();
  }

  private placeOf(name: string): number {
    return this.line.findIndex((each) => each.name === name);
  }
}
