export type LaneState = 'waiting' | 'inside' | 'done' | 'failed' | 'cancelled';

/** One caller's way, in milliseconds of the board's clock. */
export interface Lane {
  // queuedAt <= enteredAt <= endedAt where they are numbers; waiting means that both are null
  readonly id: number;
  readonly label: string;
  readonly state: LaneState;
  readonly queuedAt: number;
  readonly enteredAt: number | null;
  readonly endedAt: number | null;
}

export function isUnderWay(lane: Lane): boolean {
  return lane.state === 'waiting' || lane.state === 'inside';
}
