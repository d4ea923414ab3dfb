import { outsideZones, startTimer } from '../../internal/remote/index.js';
import type { RedisClient } from '../client.js';

/** What hears messages. */
export interface Hearer {
  /** A place was granted: `<id> <token>`. */
  heard(message: string): void;
  /** Messages may have been missed. */
  mayHaveMissed(): void;
}

/** What is used of a copy of a client, whichever it is. */
interface Copy {
  on(event: string, listener: (...args: never[]) => void): unknown;
  subscribe(channel: string, listener?: (message: string) => void): Promise<unknown>;
  connect?(): Promise<unknown>;
  readonly status?: string;
  /** Of node-redis. */
  readonly isReady?: boolean;
  /** Of node-redis 5 and later. */
  destroy?(): void;
  disconnect(): unknown;
}

/**
 * The one connection on which a process hears that it has the turn: a copy of the user's client, since a connection that has
 * subscribed does nothing else. It is made when somebody waits, and closed when nobody has waited for a while.
 *
 * Messages are hints. All that fails here is ignored: then the sessions find their grants by asking.
 */
export class Ear {
  private copy: Copy | undefined = undefined;
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;

  constructor(
    private readonly client: RedisClient,
    private readonly channel: string,
    private readonly hearer: Hearer,
  ) {}

  open(): void {
    clearTimeout(this.timer);
    if (this.copy === undefined) {
      outsideZones(() => {
        this.listen();
      });
    }
  }

  /** Nobody waits any more. */
  closeLater(delay: number): void {
    clearTimeout(this.timer);
    if (this.copy !== undefined) {
      this.timer = startTimer(() => {
        this.close();
      }, delay);
    }
  }

  close(): void {
    clearTimeout(this.timer);
    const { copy } = this;
    this.copy = undefined;
    // node-redis loses a connection that it is just making: it would stay open. Such a copy ends when that has succeeded or failed.
    if (copy !== undefined && copy.isReady !== false) {
      end(copy);
    }
  }

  private listen(): void {
    ignoring(() => {
      const copy = this.client.duplicate?.() as Copy | undefined;
      this.copy = copy;
      // Without a listener, an error would end the process.
      copy?.on('error', () => {
        if (copy !== this.copy) {
          end(copy);
        }
      });
      return copy && ('evalsha' in copy ? this.listenByIoredis(copy) : this.listenByNodeRedis(copy));
    });
  }

  /** It connects by itself, unless it is lazy. While it is not ready, it may refuse to subscribe. */
  private listenByIoredis(copy: Copy): unknown {
    copy.on('message', (_channel: string, message: string) => {
      this.hearer.heard(message);
    });
    copy.on('ready', () => {
      this.subscribe(copy, () => copy.subscribe(this.channel));
    });
    return copy.status === 'wait' ? copy.connect?.() : undefined;
  }

  private async listenByNodeRedis(copy: Copy): Promise<void> {
    copy.on('ready', () => {
      this.hears(copy);
    });
    await copy.connect?.();
    this.subscribe(copy, () =>
      copy.subscribe(this.channel, (message) => {
        this.hearer.heard(message);
      }),
    );
  }

  private subscribe(copy: Copy, subscribing: () => Promise<unknown>): void {
    ignoring(async () => {
      await subscribing();
      this.hears(copy);
    });
  }

  private hears(copy: Copy): void {
    if (copy === this.copy) {
      this.hearer.mayHaveMissed();
    } else {
      end(copy);
    }
  }
}

function end(copy: Copy): void {
  ignoring(() => {
    if (copy.destroy === undefined) {
      return copy.disconnect();
    }
    copy.destroy();
    return undefined;
  });
}

/** Runs `task`, and ignores what it throws or rejects with. */
function ignoring(task: () => unknown): void {
  try {
    Promise.resolve(task()).catch(() => undefined);
  } catch {
    // The same as a rejection.
  }
}
