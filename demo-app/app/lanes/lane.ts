import type { Moment } from '../run/moment';

/**
 * What an actor does in a stretch of time: `idle` on its side, `queued` at a primitive, `holding` a permit, `sent` but not at the
 * server yet, at the `server`, or `left`: the server goes on, although nobody waits for the answer.
 */
export type Phase = 'idle' | 'queued' | 'holding' | 'sent' | 'server' | 'left';

interface Stretch {
  readonly phase: Phase;
  readonly from: number;
  /** Null while it goes on. */
  readonly to: number | null;
}

export interface Mark {
  readonly at: number;
  readonly kind: 'damage' | 'refused' | 'failed' | 'cancelled' | 'hung' | 'done' | 'note';
  readonly text: string;
}

/** A time that concerns all lanes, such as an outage. */
export interface Period {
  readonly from: number;
  /** Null while it goes on. */
  readonly to: number | null;
}

/** One actor over time. */
export interface Lane {
  readonly actor: string;
  readonly stretches: readonly Stretch[];
  readonly marks: readonly Mark[];
  /** In words, for the end of the lane. */
  readonly state: string;
  readonly tone: 'none' | 'busy' | 'good' | 'bad' | 'quiet';
  /** Whether it waits: its button cancels it. */
  readonly isWaiting: boolean;
}

/** The lanes of these actors, and of all others that appear, as they are at a time. */
export function lanesAt(
  moments: readonly Moment[],
  actors: readonly string[],
  time = Infinity,
  ownWords: Partial<Words> = {},
): Lane[] {
  const words = { ...usualWords, ...ownWords };
  const drawings = new Map(actors.map((actor) => [actor, new Drawing(actor, words)]));
  for (const moment of moments) {
    if (moment.at > time) break;
    let drawing = drawings.get(moment.actor);
    if (drawing === undefined) {
      drawing = new Drawing(moment.actor, words);
      drawings.set(moment.actor, drawing);
    }
    drawing.add(moment);
  }
  return [...drawings.values()].map((drawing) => drawing.lane());
}

/** What the end of a lane says of a stretch that goes on. */
export type Words = Readonly<Record<Phase, string>>;

const usualWords: Words = {
  idle: 'waits',
  queued: 'in the queue',
  holding: 'holds',
  sent: 'on its way',
  server: 'at the server',
  left: 'the server goes on',
};

const endWords = { done: 'done', failed: 'failed', cancelled: 'cancelled', hung: 'hangs for ever' } as const;

class Drawing {
  private readonly stretches: Stretch[] = [];
  private readonly marks: Mark[] = [];
  private isAsked = false;
  private isHolding = false;
  private damage: string | undefined;
  private note: string | undefined;
  private progress: string | undefined;
  private end: keyof typeof endWords | undefined;
  private endWord = '';

  constructor(
    private readonly actor: string,
    private readonly words: Words,
  ) {}

  add({ at, kind, text = '' }: Moment): void {
    switch (kind) {
      case 'asked':
        this.isAsked = true;
        this.end = undefined;
        if (this.phase !== 'holding') this.go(at, 'idle');
        break;
      case 'queued':
        this.end = undefined;
        this.go(at, 'queued');
        break;
      case 'granted':
        this.isHolding = true;
        this.go(at, 'holding');
        break;
      case 'released':
        this.isHolding = false;
        if (this.phase === 'holding') this.go(at, this.end === undefined ? 'idle' : undefined);
        break;
      case 'sent':
        this.go(at, 'sent');
        break;
      case 'arrived':
        this.go(at, this.end === undefined ? 'server' : 'left');
        break;
      case 'note':
        this.note = text;
        this.marks.push({ at, kind, text });
        break;
      case 'progress':
        this.progress = text === '' ? undefined : text;
        break;
      case 'damage':
        this.damage = text;
        this.marks.push({ at, kind, text });
        break;
      case 'refused':
        this.marks.push({ at, kind, text });
        this.answer(at);
        break;
      case 'answered':
        this.answer(at);
        break;
      default:
        this.end = kind;
        this.endWord = text === '' ? endWords[kind] : text;
        this.marks.push({ at, kind, text: this.endWord });
        this.go(at, this.phase === 'server' || this.phase === 'left' ? (kind === 'done' ? undefined : 'left') : undefined);
    }
  }

  lane(): Lane {
    const { actor, stretches, marks, phase, end } = this;
    const isWaiting = end === undefined && phase !== undefined;
    return { actor, stretches, marks, isWaiting, state: this.word(), tone: this.tone() };
  }

  private get phase(): Phase | undefined {
    const last = this.stretches.at(-1);
    return last?.to === null ? last.phase : undefined;
  }

  /** The log may tell of an answer when the actor is in a queue for its next request already. */
  private answer(at: number): void {
    const { phase, end, isAsked, isHolding } = this;
    if (phase !== 'server' && phase !== 'left') return;
    if (end === undefined && isHolding) this.go(at, 'holding');
    else this.go(at, end === undefined && isAsked ? 'idle' : undefined); // a refresh has no caller of its own
  }

  /** Ends the present stretch, and begins another one. */
  private go(at: number, phase: Phase | undefined): void {
    const last = this.stretches.at(-1);
    if (last?.to === null) {
      if (last.phase === phase) return;
      this.stretches[this.stretches.length - 1] = { ...last, to: at };
    }
    if (phase !== undefined) this.stretches.push({ phase, from: at, to: null });
  }

  private word(): string {
    if (this.damage !== undefined) return this.damage;
    const { phase, end, endWord, words } = this;
    if (end !== undefined) return phase === 'left' ? `${endWord}, ${words.left}` : endWord;
    if (phase === undefined) return '';
    if (this.progress !== undefined) return phase === 'idle' ? this.progress : `${this.progress}, ${words[phase]}`;
    return this.note !== undefined && phase === 'server' ? this.note : words[phase];
  }

  private tone(): Lane['tone'] {
    const { damage, end, phase } = this;
    if (damage !== undefined || end === 'failed' || end === 'hung') return 'bad';
    if (end === 'cancelled') return 'quiet';
    if (end === 'done') return 'good';
    return phase === undefined ? 'none' : 'busy';
  }
}
