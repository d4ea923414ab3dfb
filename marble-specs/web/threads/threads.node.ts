import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A web lock, or with a `value` a web semaphore. */
export interface Target {
  readonly name: string;
  readonly value?: number;
  readonly weight?: number;
}

export type Order =
  | { readonly what: 'enter'; readonly who: string; readonly target: Target; readonly turns?: number }
  | { readonly what: 'try' | 'steal' | 'stand'; readonly who: string; readonly target: Target }
  | { readonly what: 'leave' | 'cancel'; readonly who: string };

/** The counters are the number of words, and the units that are held. */
export interface ThreadData {
  readonly counters: Int32Array;
}

export interface Told {
  readonly position: number;
  readonly word: string;
  /** The units that were held after it. */
  readonly inside: number;
}

/** How long a spec waits for a word. */
const PATIENCE = 20_000;

/** The threads of a spec, and what they tell. Locks outlive a spec, so each has a name of its own. */
export class Threads {
  name = '';
  private readonly workers: Worker[] = [];
  private readonly counters = new Int32Array(new SharedArrayBuffer(8));
  private told: Told[] = [];
  private specs = 0;

  constructor() {
    beforeEach(() => {
      jasmine.DEFAULT_TIMEOUT_INTERVAL = 60_000;
      this.specs++;
      this.name = `spec ${String(this.specs)}`;
      this.told = [];
      this.counters.fill(0);
    });

    afterEach(async () => {
      await Promise.all(this.workers.splice(0).map((each) => each.terminate()));
    });
  }

  async start(): Promise<Worker> {
    const worker = new Worker(new URL('thread.node.ts', import.meta.url), { workerData: { counters: this.counters } });
    this.workers.push(worker);
    worker.on('message', (message: Told | 'obeyed') => {
      if (message !== 'obeyed') {
        this.told.push(message);
      }
    });
    await once(worker, 'message');
    return worker;
  }

  async startTwo(): Promise<[Worker, Worker]> {
    return Promise.all([this.start(), this.start()]);
  }

  async startThree(): Promise<[Worker, Worker, Worker]> {
    return Promise.all([this.start(), this.start(), this.start()]);
  }

  /** Resolves when the platform has the request of the thread. */
  async order(worker: Worker, order: Order): Promise<void> {
    const obeyed = new Promise<void>((resolve) => {
      const listener = (message: unknown): void => {
        if (message === 'obeyed') {
          worker.off('message', listener);
          resolve();
        }
      };
      worker.on('message', listener);
    });
    worker.postMessage(order);
    await obeyed;
  }

  /** Begins a section in a thread. */
  async enter(worker: Worker, who: string, target: Partial<Target> = {}, turns?: number): Promise<void> {
    const order = { what: 'enter', who, target: { name: this.name, ...target } } as const;
    await this.order(worker, turns === undefined ? order : { ...order, turns });
  }

  async ask(worker: Worker, what: 'try' | 'steal' | 'stand', who: string, target: Partial<Target> = {}): Promise<void> {
    await this.order(worker, { what, who, target: { name: this.name, ...target } });
  }

  async heard(word: string, times = 1): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (this.words.filter((each) => each === word).length < times) {
      if (Date.now() > deadline) {
        throw new Error(`never heard: ${word}; heard: ${this.words.join(', ')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** What the threads told, in the order in which it happened. */
  get words(): string[] {
    return this.inOrder.map(({ word }) => word);
  }

  /** The most units that were held at a time. */
  get most(): number {
    return Math.max(...this.inOrder.map(({ inside }) => inside));
  }

  get entered(): string[] {
    return this.words.filter((word) => word.endsWith(' in')).map((word) => word.split(' ')[0] ?? '');
  }

  private get inOrder(): Told[] {
    return [...this.told].sort((one, other) => one.position - other.position);
  }
}
