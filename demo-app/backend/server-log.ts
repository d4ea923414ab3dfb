import type { LogEntry } from './contract';

/** What the server saw in one run. A listener gets all lines from the first one on. */
export class ServerLog {
  private readonly entries: LogEntry[] = [];
  private readonly listeners = new Set<(entry: LogEntry) => void>();

  constructor(
    private readonly now: () => number,
    private readonly beganAt = now(),
  ) {}

  add(entry: Omit<LogEntry, 'sequence' | 'at'>): void {
    const added = { sequence: this.entries.length + 1, at: Math.round(this.now() - this.beganAt), ...entry };
    this.entries.push(added);
    for (const listener of [...this.listeners]) listener(added);
  }

  all(): readonly LogEntry[] {
    return this.entries;
  }

  /** Calls the listener with each line, and returns a function that ends that. */
  listen(listener: (entry: LogEntry) => void): () => void {
    for (const entry of this.entries) listener(entry);
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
