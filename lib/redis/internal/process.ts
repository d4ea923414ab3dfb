import type { RedisClient } from '../client.js';
import { Ear, type Hearer } from './ear.js';
import { Session, type Process, type SessionTerms } from './session.js';

/** An ear that nobody needs is kept for so long, in milliseconds. Most waits are followed by others. */
const LINGER = 2000;

/** One for each client and prefix. */
const processes = new WeakMap<RedisClient, Map<string, RedisProcess>>();

export function processOf(client: RedisClient, prefix: string): RedisProcess {
  const ofClient = processes.get(client) ?? new Map<string, RedisProcess>();
  processes.set(client, ofClient);
  const process = ofClient.get(prefix) ?? new RedisProcess(client, prefix);
  ofClient.set(prefix, process);
  return process;
}

/**
 * This process, as the server sees it: its sessions, which all locks of one client share, and its ear.
 *
 * ```
 *   RedisLock ─┐
 *   RedisLock ─┼── RedisProcess ──► a session for each name that is in use ──► the user's client
 *   …         ─┘        │
 *                       └── an ear, while a session waits
 * ```
 */
export class RedisProcess implements Process, Hearer {
  readonly channelPrefix: string;
  clock: number | undefined = undefined;
  private readonly name = crypto.randomUUID().replaceAll('-', '');
  private readonly ear: Ear;
  private readonly byTerms = new Map<string, Session>();
  private readonly byName = new Map<string, Session>();
  private readonly waiting = new Set<Session>();
  /** Whether a lock was closed since a caller has waited. */
  private isResting = false;
  private sessions = 0;
  private places = 0;

  constructor(
    readonly client: RedisClient,
    prefix: string,
  ) {
    this.channelPrefix = `${prefix}to:`;
    this.ear = new Ear(client, this.channelPrefix + this.name, this);
  }

  /** The session of a name, while it is in use. Instances with the same terms share it. */
  session(terms: SessionTerms): Session {
    const key = JSON.stringify([terms.keys.line, terms.value, terms.lease, terms.poll, terms.patience]);
    const known = this.byTerms.get(key);
    if (known !== undefined) {
      return known;
    }
    const name = `${this.name}.${String(++this.sessions)}.${String(terms.lease)}`;
    const session = new Session(this, name, terms, key);
    this.byTerms.set(key, session);
    this.byName.set(name, session);
    return session;
  }

  /** A number that no other place of this process has. */
  nextNumber(): number {
    return ++this.places;
  }

  waits(session: Session, isWaiting: boolean): void {
    if (isWaiting) {
      this.isResting = false;
      this.waiting.add(session);
      this.ear.open();
    } else if (this.waiting.delete(session) && this.waiting.size === 0) {
      this.ear.closeLater(this.isResting ? 0 : LINGER);
    }
  }

  ended(session: Session): void {
    // The same terms can have a new session already.
    if (this.byName.delete(session.name)) {
      this.byTerms.delete(session.key);
    }
  }

  /** A lock was closed: the ear is not kept for later waits. */
  rest(): void {
    this.isResting = true;
    if (this.waiting.size === 0) {
      this.ear.close();
    }
  }

  heard(message: string): void {
    const [, name = '', label = '', token = '0'] = /^([^:]+):(\S+) (\d+)$/.exec(message) ?? [];
    this.byName.get(name)?.granted(label, BigInt(token));
  }

  mayHaveMissed(): void {
    for (const session of this.waiting) {
      session.beat();
    }
  }
}
