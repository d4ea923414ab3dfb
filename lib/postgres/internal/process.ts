import type { Connect } from './connection.js';
import { Probe } from './probe.js';
import { Session, type Process, type SessionTerms } from './session.js';

/** One for each function that makes clients. */
const processes = new WeakMap<Connect, PostgresProcess>();

export function processOf(connect: Connect): PostgresProcess {
  const process = processes.get(connect) ?? new PostgresProcess(connect);
  processes.set(connect, process);
  return process;
}

/**
 * This process, as the server sees it: its sessions, which all locks of one function share.
 *
 * ```
 *   PostgresLock ─┐
 *   PostgresLock ─┼── PostgresProcess ──► a session for each name that is in use ──► a client of its own
 *   …            ─┘        │
 *                          └── a probe, while a session waits for long
 * ```
 */
export class PostgresProcess implements Process {
  readonly probe: Probe;
  private readonly sessions = new Map<string, Session>();

  constructor(readonly connect: Connect) {
    this.probe = new Probe(connect);
  }

  /** The session of a name, while it is in use. Instances with the same terms share it. */
  session(terms: SessionTerms): Session {
    const key = keyOfTerms(terms);
    const known = this.sessions.get(key);
    if (known !== undefined) {
      return known;
    }
    const session = new Session(this, terms, () => {
      this.sessions.delete(key);
    });
    this.sessions.set(key, session);
    return session;
  }

  /** A lock was closed. */
  rest(terms: SessionTerms): void {
    this.sessions.get(keyOfTerms(terms))?.rest();
  }
}

/** A key stands for all names that have it. */
function keyOfTerms({ name, key, lease, patience, keepsSessions, table }: SessionTerms): string {
  return JSON.stringify([key === undefined ? name : { key: String(key) }, lease, patience, keepsSessions, table]);
}
