import { noAnswer, requestLimit, startTimer } from '../../internal/remote/index.js';
import type { PostgresClient } from '../client.js';
import { Refusal } from './refusal.js';
import { LOOK, SET_UP, WHO } from './statements.js';

/** Makes a new client that is not connected. */
export type Connect = () => PostgresClient;

export interface ConnectionTerms {
  readonly lease: number;
  /** Whether a pooler may be in between, which keeps a session of the server for each client. */
  readonly keepsSessions: boolean;
}

type Row = Readonly<Record<string, string | undefined>>;

const POOLED =
  'a pooler is in between: connect to the server itself, or set pooler to "session" if the pooler keeps a session for each client';
const STANDBY = 'the server is a standby, which has locks of its own: connect to the primary';

/**
 * One session of the server, from its beginning until its end. It ends with the connection, and with it the server's lock.
 *
 * A client that has ended rejects what it was asked, but one whose network is stalled does not. So each question can have a limit.
 */
export class Connection {
  /** The process of the server. */
  pid = '';
  /** When the server was started. Process ids come again after that. */
  started = '';
  /** Whether the other side has ended it, so that the server knows. */
  isEndedByServer = false;
  /** Why it has ended. */
  private reason: Error | undefined = undefined;
  private readonly client: PostgresClient;
  private readonly rejects = new Set<(reason: Error) => void>();
  private readonly limit: number;

  /** Throws if there is no client. */
  constructor(
    connect: Connect,
    private readonly terms: ConnectionTerms,
    /** Called when it has ended. */
    private readonly ended: () => void = () => undefined,
  ) {
    this.limit = requestLimit(terms.lease);
    try {
      this.client = connect();
      // An error that nobody listens to would end the process.
      this.client.on('error', (error) => {
        this.endedByServer(error);
      });
      this.client.on('end', () => {
        this.endedByServer(new Error('the server has ended the connection'));
      });
    } catch (error) {
      throw new Refusal('its function made no client of pg', { cause: error });
    }
  }

  get hasEnded(): boolean {
    return this.reason !== undefined;
  }

  /** Throws why it has ended. */
  check(): void {
    if (this.reason !== undefined) {
      throw this.reason;
    }
  }

  /** Connects, and refuses what would not exclude anybody. Nothing is set before: another program may use what is set in a pooler. */
  async open(): Promise<void> {
    const { client } = this;
    await this.answerTo(async () => client.connect(), this.limit);
    const [{ pid = '', started = '', standby } = {}] = await this.ask(WHO);
    if (!this.terms.keepsSessions && pid !== String(client.processID)) {
      throw new Refusal(POOLED);
    }
    if (standby === 'true') {
      throw new Refusal(STANDBY);
    }
    this.pid = pid;
    this.started = started;
    await this.ask(SET_UP, [String(this.terms.lease)]);
    await Promise.allSettled([this.ask(LOOK)]);
  }

  /** Asks a question whose answer is due within the limit of a request. */
  ask(text: string, values: unknown[] = []): Promise<readonly Row[]> {
    return this.askFor(text, values, this.limit);
  }

  /** Asks a question that can take as long as it takes. */
  askPatiently(text: string, values: unknown[] = []): Promise<readonly Row[]> {
    return this.askFor(text, values, Infinity);
  }

  /** Ends it. A question that is under way is rejected with the reason, and its connection is cut. */
  end(reason: Error = new Error('the connection was ended')): void {
    if (this.hasEnded) {
      return;
    }
    this.reason = reason;
    const asked = [...this.rejects];
    this.client.end().catch(() => undefined);
    if (asked.length > 0) {
      this.client.connection?.stream?.destroy();
    }
    for (const reject of asked) {
      reject(reason);
    }
    this.ended();
  }

  private async askFor(text: string, values: unknown[], limit: number): Promise<readonly Row[]> {
    const { rows } = await this.answerTo(async () => this.client.query(text, values), limit);
    return rows as readonly Row[];
  }

  /** Waits for an answer, for the end of the connection, or for the limit, whichever is first. */
  private answerTo<T>(question: () => Promise<T>, limit: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.check();
      const timer =
        limit < Infinity
          ? startTimer(() => {
              this.end(noAnswer(limit));
            }, limit)
          : undefined;
      const settle = (): void => {
        clearTimeout(timer);
        this.rejects.delete(rejected);
      };
      const rejected = (reason: Error): void => {
        settle();
        reject(reason);
      };
      this.rejects.add(rejected);
      question().then((answer) => {
        settle();
        resolve(answer);
      }, rejected);
    });
  }

  private endedByServer(reason: Error): void {
    this.isEndedByServer ||= !this.hasEnded;
    this.end(reason);
  }
}
