export type LaneState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** The states of one caller over time, in milliseconds of the board's clock. */
export interface Lane {
  // queuedAt <= startedAt <= endedAt, unless null; state 'waiting' implies that startedAt and endedAt are null
  readonly id: number;
  readonly label: string;
  readonly state: LaneState;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

export function isActive(lane: Lane): boolean {
  return lane.state === 'waiting' || lane.state === 'running';
}
