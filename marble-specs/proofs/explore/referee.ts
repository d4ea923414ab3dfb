import { nameOf } from './stage.js';

interface Guest {
  readonly name: string;
  readonly weight: number;
  readonly priority: number;
  /** Whether nobody stood before it when it came. */
  readonly isFirst: boolean;
}

/** Knows, from what the visitors themselves say, who waits in which order and who is inside; notes what must not be. */
export class Referee {
  /** What was wrong, if anything was. */
  wrong: string | undefined;

  /** How often someone from outside has released what all of them held. */
  releases = 0;

  /** Who has come and was neither let in nor sent away, in the order in which they came. */
  private readonly line: Guest[] = [];
  /** Who came last. */
  private newest = '';
  private readonly inside = new Map<string, number>();
  /** Whose time was up while they waited. */
  private readonly expired = new Set<string>();
  /** Whether all who waited were sent away: some hear that, though their time is up by then. */
  private hasSentAway = false;

  /** How much is inside. */
  get held(): number {
    return [...this.inside.values()].reduce((sum, weight) => sum + weight, 0);
  }

  get waiting(): number {
    return this.line.length;
  }

  /** What the first in line wants. */
  get wanted(): number | undefined {
    const highest = Math.max(...this.line.map(({ priority }) => priority));
    return this.line.find(({ priority }) => priority === highest)?.weight;
  }

  /**
   * @param waiting - how many stand in line: if nobody does, one may go in at once though others are yet to be told; so
   * may one with a priority.
   */
  comes(name: string, weight: number, waiting: number, priority = 0): void {
    this.line.push({ name, weight, priority, isFirst: waiting === 0 || priority > 0 });
    this.newest = name;
  }

  goes(name: string): void {
    const place = this.line.findIndex((each) => each.name === name);
    if (place >= 0) {
      this.line.splice(place, 1);
    }
  }

  /** Nobody overtakes who came before with the same priority; who of several priorities was decided on, the model knows. */
  enters(name: string): void {
    const guest = this.line.find((each) => each.name === name);
    const first = this.line.find(({ priority }) => priority === guest?.priority);
    if (guest !== first && !(name === this.newest && guest?.isFirst)) {
      this.wrong = `${name} went in before ${String(first?.name)}, who had come before`;
    }
    if (this.expired.has(name)) {
      this.wrong = `${name} went in, though its time had been up before`;
    }
    this.inside.set(name, guest?.weight ?? 1);
    this.goes(name);
  }

  /** The time of one who waits is up: it never goes in, and hears that. */
  expires(name: string): void {
    if (this.line.some((each) => each.name === name)) {
      this.expired.add(name);
    }
  }

  sendsAway(): void {
    this.hasSentAway = true;
  }

  /** One hears that it came in vain. */
  hears(name: string, error: unknown): void {
    if (this.expired.has(name) && nameOf(error) !== 'TimeoutError' && !this.hasSentAway) {
      this.wrong = `${name} hears '${nameOf(error)}', though its time was up`;
    }
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
}
