import { Alarm } from './alarm.js';
import { Connection, type Connect, type ConnectionTerms } from './connection.js';
import { isOfServer } from './refusal.js';
import { PRESENT } from './statements.js';

/** A session that waits for its lock, or of which it is not known whether it has ended. */
export interface Wait extends ConnectionTerms {
  readonly pid: string;
  readonly started: string;
  /** How often the server is asked about it, in milliseconds. */
  readonly period: number;
  asked(sentAt: number): void;
  answered(isPresent: boolean): void;
  unanswered(error: unknown): void;
}

/**
 * Asks the server about the sessions of a process that wait. A session that waits for its lock answers nothing else, so its
 * process could not tell a long wait from a server that is gone.
 *
 * It has a connection of its own for that, one for all sessions of a process, while a wait lasts longer than its period.
 */
export class Probe {
  private readonly waits = new Map<Wait, { dueAt: number }>();
  private readonly alarm = new Alarm();
  private isRunning = false;

  constructor(private readonly connect: Connect) {}

  add(wait: Wait): void {
    this.waits.set(wait, { dueAt: performance.now() + wait.period });
    this.alarm.wake();
    if (!this.isRunning) {
      this.isRunning = true;
      void this.run();
    }
  }

  delete(wait: Wait): void {
    this.waits.delete(wait);
    this.alarm.wake();
  }

  private async run(): Promise<void> {
    let connection: Connection | undefined = undefined;
    for (let next = this.next; next !== undefined; next = this.next) {
      const [wait, { dueAt }] = next;
      if (performance.now() < dueAt) {
        await this.alarm.wait(dueAt);
      } else {
        connection = await this.probe(wait, connection);
      }
    }
    this.isRunning = false;
    connection?.end();
  }

  /** The wait that is due first. */
  private get next(): readonly [Wait, { readonly dueAt: number }] | undefined {
    return [...this.waits].sort(([, one], [, other]) => one.dueAt - other.dueAt)[0];
  }

  /** Asks about all waits at a time. Returns the connection, if it can be used again. */
  private async probe(first: Wait, known?: Connection): Promise<Connection | undefined> {
    const waits = [...this.waits.keys()];
    const sentAt = performance.now();
    for (const wait of waits) {
      this.waits.set(wait, { dueAt: sentAt + wait.period });
      wait.asked(sentAt);
    }
    let connection = known;
    try {
      if (connection === undefined) {
        connection = new Connection(this.connect, first);
        await connection.open();
      }
      const present = await connection.ask(PRESENT, [`{${waits.map(({ pid }) => pid).join(',')}}`]);
      for (const wait of waits) {
        wait.answered(present.some(({ pid, started }) => pid === wait.pid && started === wait.started));
      }
      return connection;
    } catch (error) {
      connection?.end();
      for (const wait of waits) {
        if (isOfServer(error)) {
          wait.answered(true); // It has no room for the probe, but it is there.
        } else {
          wait.unanswered(error);
        }
      }
      return undefined;
    }
  }
}
