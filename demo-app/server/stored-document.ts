import type { Arrival, DocumentReport, Edit } from '../api';
import { saveLatency } from './latency';

const maxLogLength = 200;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A document that accepts each save, as most servers do: the last commit wins. */
export class StoredDocument {
  // newest >= revision; the document is stale if newest > revision
  private revision = 0;
  private text = '';
  private newest = 0;
  private lateSaves = 0;
  private arrivals = 0;
  private firstArrival = 0;
  private readonly log: Mutable<Arrival>[] = [];

  constructor(
    private readonly id: string,
    private readonly seed: number,
  ) {}

  /** Records the arrival of a save. After `latency`, the caller commits, fails or aborts the returned save. */
  arrive(edit: Edit, now: number): PendingSave {
    this.arrivals += 1;
    if (this.arrivals === 1) this.firstArrival = now;
    const entry: Mutable<Arrival> = {
      arrival: this.arrivals,
      revision: edit.revision,
      text: edit.text,
      arrivedAt: now - this.firstArrival,
      latency: saveLatency(this.seed, this.arrivals),
      outcome: 'pending',
      committedAt: null,
      late: false,
    };
    this.log.push(entry);
    if (this.log.length > maxLogLength) this.log.shift();
    return {
      latency: entry.latency,
      commit: (later) => {
        this.commit(entry, later);
      },
      fail: () => {
        entry.outcome = 'failed';
      },
      abort: () => {
        entry.outcome = 'aborted';
      },
    };
  }

  report(): DocumentReport {
    return {
      id: this.id,
      revision: this.revision,
      text: this.text,
      newest: this.newest,
      lateSaves: this.lateSaves,
      log: this.log.map((entry) => ({ ...entry })),
    };
  }

  private commit(entry: Mutable<Arrival>, now: number): void {
    entry.outcome = 'committed';
    entry.committedAt = now - this.firstArrival;
    entry.late = entry.revision < this.newest;
    if (entry.late) this.lateSaves += 1;
    this.revision = entry.revision;
    this.text = entry.text;
    this.newest = Math.max(this.newest, entry.revision);
  }
}

export interface PendingSave {
  readonly latency: number;
  commit(now: number): void;
  fail(): void;
  abort(): void;
}
