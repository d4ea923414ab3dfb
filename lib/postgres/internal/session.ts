import {
  believedUntil,
  failAll,
  impatienceOf,
  outsideZones,
  type Place,
  type PlaceHome,
  type Silence,
} from '../../internal/remote/index.js';
import { Alarm } from './alarm.js';
import { Connection, type Connect, type ConnectionTerms } from './connection.js';
import { keyOf } from './key.js';
import type { Probe, Wait } from './probe.js';
import { isForGood, isOfServer, reasonOf, Refusal } from './refusal.js';
import { BEAT, LOCK, mintOf, TRY_LOCK, UNLOCK } from './statements.js';

/** What all places of a session have in common. */
export interface SessionTerms extends ConnectionTerms {
  readonly name: string;
  readonly key: bigint | undefined;
  readonly patience: number;
  /** The table of the tokens, if they are kept. */
  readonly table: string | undefined;
}

/** The process, as a session sees it. */
export interface Process {
  readonly connect: Connect;
  readonly probe: Probe;
}

/** After a failure, the next connection waits so long, in milliseconds. */
const PAUSE = 250;
/** A connection that nobody needs is kept for so long. Most waits are followed by others. */
const LINGER = 2000;
/** Why a connection is ended that stands in the queue of the server. */
const LEFT = new Error('all callers have left');
/** The server is asked about a session that waits no more often than that. */
const SHORTEST_PERIOD = 100;

/**
 * The callers of one name in one process, and the one connection by which they get the lock.
 *
 * ```
 *   places ──► connect ──► lock: a place in the queue of the server ──► mint a token ──► the head holds ──► unlock ──┐
 *                 ▲          ▲                                                              beats                 │
 *                 │          └───────────────── the next caller, behind those of other processes ◄────────────────┤
 *                 └── the connection has ended                             nobody comes for a while: it ends ◄────┘
 * ```
 *
 * One turn at the server is one caller. So processes take turns, though a process stands in the queue of the server only once.
 */
export class Session implements PlaceHome {
  /** Places whose callers wait, in the order of the callers. A caller that must not wait stands behind none that waits. */
  private readonly places = new Set<Place>();
  private holder: Place | undefined = undefined;
  /** The permit of this place has ended. The server has not said yet that it has heard of it. */
  private returned: Place | undefined = undefined;
  private connection: Connection | undefined = undefined;
  private readonly alarm = new Alarm();
  private readonly key: Promise<bigint>;
  private readonly mint: string;
  private isRunning = false;
  /** Whether the connection stands in the queue of the server. */
  private isWaiting = false;
  /** Whether a connection that nobody needs is kept for a while. */
  private lingers = true;
  /** When the first of the requests was sent that have no answer. */
  private silentSince: number | undefined = undefined;
  private isAsking = false;
  private lastError: unknown = undefined;
  private impatience: ReturnType<typeof setTimeout> | undefined = undefined;

  constructor(
    private readonly process: Process,
    private readonly terms: SessionTerms,
    /** Called when nothing is left of it. */
    private readonly ended: () => void,
  ) {
    this.key = terms.key === undefined ? keyOf(terms.name) : Promise.resolve(terms.key);
    this.mint = mintOf(terms.table);
  }

  enter(place: Place): void {
    if (place.mustNotWait && this.isBusy) {
      place.busy()();
      return;
    }
    this.places.add(place);
    this.lingers = true;
    this.watchPatience();
    this.alarm.wake();
    if (!this.isRunning) {
      this.isRunning = true;
      outsideZones(() => void this.run());
    }
  }

  forget(place: Place): void {
    this.places.delete(place);
    this.watchPatience();
  }

  return(place: Place): void {
    if (place === this.holder) {
      this.holder = undefined;
      this.returned = place;
      this.alarm.wake();
      return;
    }
    this.forget(place);
    if (this.places.size === 0 && this.isWaiting) {
      this.connection?.end(LEFT); // the only way out of the queue of the server
    }
    place.settled();
  }

  endIfUnused(): void {
    if (!this.isRunning) {
      this.ended();
    }
  }

  /** A lock was closed: the connection is not kept for later callers. */
  rest(): void {
    if (this.places.size === 0) {
      this.lingers = false;
      this.alarm.wake();
    }
  }

  /** Whether a caller would have to wait for another one of this process. */
  private get isBusy(): boolean {
    if (this.holder !== undefined) {
      return true;
    }
    return this.places.size > this.tries().length;
  }

  /** The callers that must not wait. */
  private tries(): Place[] {
    const found: Place[] = [];
    for (const place of this.places) {
      if (!place.mustNotWait) {
        break;
      }
      found.push(place);
    }
    return found;
  }

  /** It never throws. */
  private async run(): Promise<void> {
    const key = String(await this.key);
    while (this.places.size > 0) {
      try {
        const connection = new Connection(this.process.connect, this.terms, () => {
          this.alarm.wake();
        });
        this.connection = connection;
        await this.serve(connection, key);
        connection.end();
      } catch (error) {
        if (error !== LEFT) {
          this.failed(error);
          await this.pause();
        }
      }
      this.connection = undefined;
    }
    this.isRunning = false;
    this.silentSince = undefined;
    this.ended();
  }

  /** Serves callers for as long as the connection lasts, and is needed. */
  private async serve(connection: Connection, key: string): Promise<void> {
    await this.asking(connection.open());
    while (await this.isCalled(connection)) {
      if (await this.isGranted(connection, key)) {
        await this.grant(connection, key);
        await this.asking(connection.ask(UNLOCK, [key]));
        this.settle();
      }
    }
  }

  /** Waits for the next caller. */
  private async isCalled(connection: Connection): Promise<boolean> {
    const until = performance.now() + Math.min(LINGER, this.terms.lease / 3);
    while (this.places.size === 0 && this.lingers && !connection.hasEnded && performance.now() < until) {
      await this.alarm.wait(until);
    }
    return this.places.size > 0 && !connection.hasEnded;
  }

  private async isGranted(connection: Connection, key: string): Promise<boolean> {
    const [head] = this.places;
    if (head?.mustNotWait !== true) {
      await this.waitForLock(connection, key);
      return true;
    }
    const [{ granted } = {}] = await this.asking(connection.ask(TRY_LOCK, [key]));
    if (granted === 'true') {
      return true;
    }
    if (head.isOpen) {
      head.busy()();
    }
    return false;
  }

  private async waitForLock(connection: Connection, key: string): Promise<void> {
    const { probe } = this.process;
    const wait = this.waitOf(connection);
    this.isWaiting = true;
    probe.add(wait);
    try {
      await connection.askPatiently(LOCK, [key]);
      this.answered();
    } finally {
      this.isWaiting = false;
      probe.delete(wait);
    }
  }

  private waitOf(connection: Connection): Wait {
    const { patience, lease, keepsSessions } = this.terms;
    return {
      lease,
      keepsSessions,
      pid: connection.pid,
      started: connection.started,
      period: Math.max(SHORTEST_PERIOD, Math.min(patience, lease) / 3),
      asked: (sentAt) => {
        this.asked(sentAt);
      },
      answered: (isPresent) => {
        if (isPresent) {
          this.answered();
        } else {
          connection.end(new Error('the server does not know the session any more'));
        }
      },
      unanswered: (error) => {
        this.unanswered(error);
      },
    };
  }

  /**
   * The server has granted the lock. The request that mints a token confirms it. If the answer comes so late that the lease can be
   * over, nobody is told, and it is confirmed again.
   */
  private async grant(connection: Connection, key: string): Promise<void> {
    const { lease, table } = this.terms;
    let sentAt: number;
    let token: string;
    do {
      sentAt = performance.now();
      const [row] = await this.asking(connection.ask(this.mint, table === undefined ? [] : [key]));
      checkProcess(connection, row?.['pid']);
      token = String(row?.['token']);
    } while (performance.now() >= believedUntil(sentAt, lease));
    const [head] = this.places;
    if (head !== undefined) {
      this.forget(head);
      this.holder = head;
      const told = [head.hold(BigInt(token), believedUntil(sentAt, lease)), ...this.tries().map((place) => place.busy())];
      for (const tell of told) {
        tell();
      }
      await this.holding(connection, head, sentAt);
    }
  }

  /** Keeps the session for as long as the place holds. */
  private async holding(connection: Connection, place: Place, confirmedAt: number): Promise<void> {
    let beatAt = confirmedAt + this.terms.lease / 3;
    while (this.holder === place) {
      connection.check();
      if (performance.now() >= beatAt) {
        beatAt = Infinity; // one at a time: an answer that lacks means that the lease ends
        void this.beat(connection, place).then((next) => {
          beatAt = next;
          this.alarm.wake();
        });
      }
      await this.alarm.wait(beatAt);
    }
  }

  /** Returns when the next one is due. It never throws. */
  private async beat(connection: Connection, place: Place): Promise<number> {
    const sentAt = performance.now();
    try {
      const [row] = await this.asking(connection.askPatiently(BEAT));
      checkProcess(connection, row?.['pid']);
    } catch (error) {
      if (error instanceof Refusal) {
        connection.end(error);
      }
      return performance.now() + PAUSE;
    }
    place.permit?.extend(believedUntil(sentAt, this.terms.lease));
    return sentAt + this.terms.lease / 3;
  }

  /** The server has heard of the return, or does not have the session any more. */
  private settle(): void {
    const { returned } = this;
    this.returned = undefined;
    returned?.settled();
  }

  private failed(error: unknown): void {
    this.connection?.end(error as Error);
    this.holder?.lose('its session at the server has ended', error);
    if (this.connection?.isEndedByServer === true || isOfServer(error)) {
      this.settle();
    } else {
      this.settleLater();
    }
    const isFinal = isForGood(error);
    const failing = [...this.places].filter(({ mustNotWait }) => isFinal || mustNotWait);
    failAll(failing, error, reasonOf(error));
  }

  /** The server may have the session for another lease. */
  private settleLater(): void {
    const { returned } = this;
    this.returned = undefined;
    if (returned !== undefined) {
      outsideZones(() =>
        setTimeout(() => {
          returned.settled();
        }, this.terms.lease),
      );
    }
  }

  private async pause(): Promise<void> {
    const until = performance.now() + PAUSE;
    while (this.places.size > 0 && performance.now() < until) {
      await this.alarm.wait(until);
    }
  }

  /** Notes what an answer, or its lack, says of the server. */
  private async asking<T>(answer: Promise<T>): Promise<T> {
    this.asked(performance.now());
    try {
      const given = await answer;
      this.answered();
      return given;
    } catch (error) {
      this.unanswered(error);
      throw error;
    }
  }

  private asked(sentAt: number): void {
    this.silentSince ??= sentAt;
    this.isAsking = true;
    this.watchPatience();
  }

  private answered(): void {
    this.silentSince = undefined;
    this.isAsking = false;
    this.watchPatience();
  }

  private unanswered(error: unknown): void {
    this.lastError = error;
    this.isAsking = false;
    this.watchPatience();
  }

  /** Fails the callers that have waited too long for the server, when it is time. */
  private watchPatience(): void {
    clearTimeout(this.impatience);
    const { silence } = this;
    const [head] = this.places;
    const at = head === undefined ? Infinity : impatienceOf(head, silence);
    if (at < Infinity) {
      this.impatience = outsideZones(() =>
        setTimeout(
          () => {
            const now = performance.now();
            failAll(
              [...this.places].filter((place) => now >= impatienceOf(place, silence)),
              this.lastError,
            );
            this.watchPatience();
          },
          Math.max(0, Math.ceil(at - performance.now())),
        ),
      );
    }
  }

  private get silence(): Silence {
    return { since: this.silentSince, isAsking: this.isAsking, patience: this.terms.patience };
  }
}

/** Refuses the answer of another process of the server: it does not have the lock. */
function checkProcess({ pid }: Connection, answering: string | undefined): void {
  if (answering !== pid) {
    throw new Refusal('another process of the server answers, so a pooler in between keeps no sessions');
  }
}
