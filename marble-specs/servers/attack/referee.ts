/** One permit of the attack, as the process saw it that held it. All times are of one clock, which all processes of a machine share. */
export interface Tenure {
  /** Just before the caller asked. */
  readonly askedAt: number;
  /** When the caller was told. */
  readonly toldAt: number;
  /** The last time at which the permit was not lost, as it said itself. */
  readonly validAt: number;
  readonly token: string;
  readonly weight: number;
}

/**
 * Says what is wrong with the permits of one name. `losses` are the times at which the server was told to forget everything: a permit
 * of before and one of after may overlap, and only their tokens tell them apart.
 */
export function complaints(tenures: readonly Tenure[], value: number, losses: readonly number[]): string[] {
  const found: string[] = [];
  for (const tenure of tenures) {
    const { toldAt, askedAt, token } = tenure;
    const isKept = (other: Tenure): boolean => !losses.some((loss) => loss >= other.askedAt && loss <= toldAt);
    const held = tenures.filter((other) => other.toldAt <= toldAt && other.validAt > toldAt && isKept(other));
    const units = held.reduce((sum, { weight }) => sum + weight, 0);
    if (units > value) {
      found.push(
        `${String(units)} of ${String(value)} units were held at ${String(toldAt)}: ${held.map((each) => each.token).join(', ')}`,
      );
    }
    const later = tenures.find((other) => other.toldAt < askedAt && BigInt(other.token) >= BigInt(token));
    if (later !== undefined) {
      found.push(`token ${token} was granted after ${later.token}`);
    }
  }
  return found;
}
