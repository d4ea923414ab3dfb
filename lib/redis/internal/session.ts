import {
  believedUntil,
  failAll,
  impatienceOf,
  noAnswer,
  outsideZones,
  REFUSES,
  requestLimit,
  type PlaceHome,
  type Silence,
} from '../../internal/remote/index.js';
import type { RedisClient } from '../client.js';
import { isForGood, runScript, type Keys } from './engine.js';
import type { RedisPlace } from './redis-place.js';

/** What all places of a session have in common. */
export interface SessionTerms {
  readonly keys: Keys;
  readonly value: number;
  readonly lease: number;
  readonly poll: number;
  readonly patience: number;
}

/** The process, as a session sees it. */
export interface Process {
  readonly client: RedisClient;
  /** The channel of a process is this prefix and its name. */
  readonly channelPrefix: string;
  /** What the server's clock is ahead of `performance.now()`. Undefined before the first answer. */
  clock: number | undefined;
  /** A session waits, or does not wait any more. */
  waits(session: Session, isWaiting: boolean): void;
  /** Nothing is left of the session. */
  ended(session: Session): void;
}

interface Request {
  readonly sentAt: number;
  /** Whether it names all open places, so that the answer tells of all. */
  readonly namesAll: boolean;
  readonly open: readonly RedisPlace[];
  readonly held: readonly RedisPlace[];
  readonly returned: readonly string[];
}

/** A place that is returned. The server has not said yet that it has heard of it. */
interface Returned {
  /** Its lease is over then, whatever the server has heard. */
  readonly until: number;
  /** Undefined for a grant that nobody here knows. */
  readonly place: RedisPlace | undefined;
}

/** A session with more places than this names only what has changed, but for its beats. */
const FEW = 32;
/** The server gives no turn to a session that it has not heard of for so many polls. */
const SILENT_POLLS = 5;

/**
 * The callers of one name in one process.
 *
 * ```
 *   places, open and held   ── changes ──►
 *   returned places                        one request at a time ──► script ──► answer: grants, losses
 *   the clock               ── beats ────►        ▲                                 │
 *                                                 └──── the next one, if there is news by then
 *   messages ──► grants
 * ```
 *
 * Each request is a run of the script, and says the same again if it is repeated. So after a request without an answer, the next
 * one names everything, and no more is needed. With one request at a time, an answer that lacks a permit means its loss.
 *
 * A beat is a request that names everything. It is due every `poll` milliseconds while a caller waits, and every third of a
 * lease while a permit is held.
 */
export class Session implements PlaceHome {
  /** Open and held places, in the order of the callers. */
  private readonly places = new Map<string, RedisPlace>();
  private readonly returned = new Map<string, Returned>();
  /** Open places that no request has named yet. */
  private readonly unsent = new Set<RedisPlace>();
  /** How many of the places are held. */
  private held = 0;
  private request: Request | undefined = undefined;
  /** When the first of the requests was sent that have no answer. */
  private silentSince: number | undefined = undefined;
  private lastError: unknown = undefined;
  private mustNameAll = false;
  private isFlushing = false;
  /** When the next beat is due. */
  private beatAt = 0;
  /** After a failure, the next request waits a little. */
  private notBefore = 0;
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;

  constructor(
    private readonly process: Process,
    /** Of the form `<process>.<number>.<lease>`. */
    readonly name: string,
    private readonly terms: SessionTerms,
    /** By which the process finds it. */
    readonly key: string,
  ) {}

  enter(place: RedisPlace): void {
    this.places.set(place.label, place);
    this.unsent.add(place);
    this.flushSoon();
  }

  forget(place: RedisPlace): void {
    this.places.delete(place.label);
  }

  return(place: RedisPlace): void {
    this.forget(place);
    if (place.permit !== undefined) {
      this.held--;
    }
    if (this.unsent.delete(place)) {
      place.settled();
    } else {
      this.returned.set(place.label, { until: performance.now() + this.terms.lease, place });
    }
    this.flushSoon();
  }

  /** A message: a place was granted. It can be late, and the answer to the request that entered the place later still. */
  granted(label: string, token: bigint): void {
    const place = this.places.get(label);
    if (place === undefined) {
      this.returnUnknown(label);
    } else if (place.waitsSince === undefined) {
      place.hint = token;
    } else if (place.isOpen && token > place.waitsSince.token) {
      this.hold(place, token, place.waitsSince.sentAt)?.();
    }
    this.flushSoon();
  }

  endIfUnused(): void {
    this.flushSoon();
  }

  /** Messages may have been missed: asks for everything. */
  beat(): void {
    this.beatAt = 0;
    this.flushSoon();
  }

  /** Changes that are made one after another go into one request. */
  private flushSoon(): void {
    if (!this.isFlushing) {
      this.isFlushing = true;
      outsideZones(() => {
        queueMicrotask(() => {
          this.isFlushing = false;
          this.flush();
        });
      });
    }
  }

  private flush(): void {
    const now = performance.now();
    this.giveUp(now);
    if (this.request === undefined && now >= this.sendAt) {
      this.send(now);
    }
    clearTimeout(this.timer);
    const next = Math.min(this.sendAt, this.impatientAt, (this.request?.sentAt ?? Infinity) + requestLimit(this.terms.lease));
    if (this.places.size === this.held) {
      this.process.waits(this, false);
    }
    if (next < Infinity) {
      this.timer = outsideZones(() =>
        setTimeout(
          () => {
            this.flush();
          },
          Math.max(1, Math.ceil(next - performance.now())),
        ),
      );
    } else {
      this.process.ended(this);
    }
  }

  /** When the next request is due. */
  private get sendAt(): number {
    if (this.request !== undefined) {
      return Infinity;
    }
    if (this.unsent.size > 0 || this.returned.size > 0) {
      return this.notBefore;
    }
    return this.places.size > 0 ? Math.max(this.notBefore, this.mustNameAll ? 0 : this.beatAt) : Infinity;
  }

  private send(sentAt: number): void {
    const { process, terms, name } = this;
    const namesAll = this.mustNameAll || this.places.size <= FEW || sentAt >= this.beatAt;
    const named = [...(namesAll ? this.places.values() : this.unsent)];
    const request: Request = {
      sentAt,
      namesAll,
      open: named.filter((place) => place.isOpen),
      held: named.filter((place) => !place.isOpen),
      returned: [...this.returned.keys()],
    };
    const hasOlder = this.places.size > this.held + request.open.length;
    this.request = request;
    this.unsent.clear();
    this.mustNameAll = false;
    this.silentSince ??= sentAt;
    runScript(process.client, terms.keys, [
      name,
      String(terms.value),
      String(terms.poll * SILENT_POLLS),
      namesAll ? 'all' : 'some',
      hasOlder ? '1' : '0',
      askedAt(process, this.silentSince),
      process.channelPrefix,
      ...request.returned.map((label) => `-${name}:${label}`),
      ...request.open.map(({ mustNotWait, label }) => `${mustNotWait ? '?' : '+'}${name}:${label}`),
    ]).then(
      (reply) => {
        if (this.request === request) {
          this.answered(request, reply);
        }
      },
      (error: unknown) => {
        if (this.request === request) {
          this.failed(request, error);
          this.flush();
        }
      },
    );
  }

  /** Commits what the answer says, and tells the callers then. */
  private answered(request: Request, [status, last = '0', next = '-1', , , now, ...grants]: readonly string[]): void {
    this.request = undefined;
    this.silentSince = undefined;
    this.process.clock = Number(now) - performance.now();
    for (const label of request.returned) {
      this.settle(label);
    }
    if (status === 'unknown') {
      this.mustNameAll = true;
      this.flush();
      return;
    }
    const granted = new Map(
      grants.map((grant) => {
        const [label, token] = grant.split(' ') as [string, string];
        return [label, BigInt(token)] as const;
      }),
    );
    // A return can give the turn to a place that the request does not name.
    const open = new Set([...request.open, ...[...granted.keys()].flatMap((label) => this.places.get(label) ?? [])]);
    const told = [
      ...[...open].filter((place) => place.isOpen).map((place) => this.settleOpen(place, request.sentAt, granted, BigInt(last))),
      ...request.held.map((place) => this.settleHeld(place, request.sentAt, granted)),
    ];
    for (const label of granted.keys()) {
      if (!this.places.has(label)) {
        this.returnUnknown(label);
      }
    }
    this.scheduleBeat(request, Number(next));
    for (const tell of told) {
      tell?.();
    }
    this.flush();
  }

  private settleOpen(
    place: RedisPlace,
    sentAt: number,
    granted: ReadonlyMap<string, bigint>,
    last: bigint,
  ): (() => void) | undefined {
    const token = granted.get(place.label);
    if (token !== undefined) {
      return this.hold(place, token, sentAt);
    }
    if (place.mustNotWait) {
      return place.busy();
    }
    place.waitsSince = { sentAt, token: last };
    this.process.waits(this, true);
    return place.hint > last ? this.hold(place, place.hint, sentAt) : undefined;
  }

  private settleHeld(place: RedisPlace, sentAt: number, granted: ReadonlyMap<string, bigint>): (() => void) | undefined {
    if (!granted.has(place.label)) {
      return () => {
        place.lose('the server does not know it any more');
      };
    }
    place.permit?.extend(believedUntil(sentAt, this.terms.lease));
    return undefined;
  }

  /**
   * Commits a grant, unless it can have ended already. Then nobody is told: the next request asks whether the server still has
   * it. It is renewed by that, or the place waits on.
   */
  private hold(place: RedisPlace, token: bigint, sentAt: number): (() => void) | undefined {
    const deadline = believedUntil(sentAt, this.terms.lease);
    if (performance.now() >= deadline) {
      this.mustNameAll = true;
      return undefined;
    }
    this.held++;
    return place.hold(token, deadline);
  }

  /** A grant that nobody here knows: its caller has left, or a client has sent a request again. */
  private returnUnknown(label: string): void {
    if (!this.returned.has(label)) {
      this.returned.set(label, { until: performance.now() + this.terms.lease, place: undefined });
    }
  }

  private settle(label: string): void {
    const returned = this.returned.get(label);
    this.returned.delete(label);
    returned?.place?.settled();
  }

  private scheduleBeat({ namesAll, sentAt }: Request, next: number): void {
    const { poll, lease } = this.terms;
    const due = sentAt + (this.places.size > this.held ? poll : lease / 3);
    const look = next < 0 ? Infinity : performance.now() + next + 1;
    this.beatAt = Math.min(namesAll ? Infinity : this.beatAt, due, look);
  }

  private failed(request: Request, error: unknown): void {
    this.request = undefined;
    this.lastError = error;
    this.mustNameAll = true;
    this.notBefore = performance.now() + this.terms.poll / 4;
    if (isForGood(error)) {
      this.takeBack(request);
      failAll(this.places.values(), error, REFUSES);
    } else {
      failAll(
        request.open.filter(({ mustNotWait }) => mustNotWait),
        error,
      );
    }
  }

  /** The server has refused a request, so it does not have the places that this request named first: there is nothing to leave. */
  private takeBack({ sentAt, open }: Request): void {
    if (this.silentSince === sentAt) {
      for (const place of open.filter(({ waitsSince }) => waitsSince === undefined)) {
        this.unsent.add(place);
      }
    }
  }

  /** What has lasted too long: a request, the wait of a caller, the return of a place whose lease is over. */
  private giveUp(now: number): void {
    const limit = requestLimit(this.terms.lease);
    if (this.request !== undefined && now >= this.request.sentAt + limit) {
      this.failed(this.request, noAnswer(limit));
    }
    for (const [label, { until }] of this.returned) {
      if (now >= until) {
        this.settle(label);
      }
    }
    if (now >= this.impatientAt) {
      const { silence } = this;
      failAll(
        [...this.places.values()].filter((place) => now >= impatienceOf(place, silence)),
        this.lastError,
      );
    }
  }

  /** When the first caller has waited too long for the server. */
  private get impatientAt(): number {
    for (const place of this.places.values()) {
      if (place.isOpen) {
        return impatienceOf(place, this.silence);
      }
    }
    return Infinity;
  }

  private get silence(): Silence {
    return { since: this.silentSince, isAsking: this.request !== undefined, patience: this.terms.patience };
  }
}

/** When something was asked, by the clock of the server. If that is not known, it is taken for a request that has just been asked. */
function askedAt({ clock }: Process, time: number): string {
  return clock === undefined ? String(Number.MAX_SAFE_INTEGER) : String(Math.round(time + clock));
}
