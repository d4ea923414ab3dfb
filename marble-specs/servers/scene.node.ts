import { firstValueFrom, type Observable } from 'rxjs';
import type { LeasedPermit } from 'rxjs-locks';
import { RedisLock, RedisSemaphore, type RedisClient, type RedisOptions } from 'rxjs-locks/redis';

import { connects, type Account, type Connected } from './clients.node.js';
import { eventually } from './eventually.node.js';
import { RedisServer } from './redis-server.node.js';
import { Worker, type WorkerOptions } from './worker.node.js';

/** Which client a spec uses. */
export type Kind = keyof typeof connects;

/** Long enough that nothing ends by itself during a spec, with beats that come often. */
const usual: RedisOptions = { lease: 20_000, poll: 50 };

/** A server and the processes that use it. Each client of a spec stands for a process. */
export class Scene {
  server!: RedisServer;
  private readonly ends: (() => unknown)[] = [];

  /** Registers what a `describe` needs. All of its specs share a server, which is emptied after each. */
  constructor(
    readonly kind: Kind,
    ...options: string[]
  ) {
    beforeAll(async () => {
      this.server = await RedisServer.start(...options);
    });
    afterEach(async () => {
      for (const end of this.ends.splice(0).reverse()) {
        await end();
      }
      await this.server.witness.flushall();
    });
    afterAll(() => this.server.stop());
  }

  /** Calls `end` when the spec has ended. */
  after(end: () => unknown): void {
    this.ends.push(end);
  }

  async client(port = this.server.port, account?: Account): Promise<RedisClient> {
    return (await this.connected(port, account)).client;
  }

  async connected(port = this.server.port, account?: Account): Promise<Connected> {
    const connected = await connects[this.kind](port, account);
    this.after(() => {
      connected.end();
    });
    return connected;
  }

  /** A lock of a process of its own. */
  async lock(name: string, options: RedisOptions = {}, port = this.server.port): Promise<RedisLock> {
    return this.lockOf(await this.client(port), name, options);
  }

  lockOf(client: RedisClient, name: string, options: RedisOptions = {}): RedisLock {
    const lock = new RedisLock(client, name, { ...usual, ...options });
    this.after(() => void lock.close());
    return lock;
  }

  /** A semaphore of a process of its own. */
  async semaphore(name: string, value: number, options: RedisOptions = {}): Promise<RedisSemaphore> {
    const semaphore = new RedisSemaphore(await this.client(), name, value, { ...usual, ...options });
    this.after(() => void semaphore.close());
    return semaphore;
  }

  /** Three locks of one name, each of a process of its own. */
  async locks(name: string, options: RedisOptions = {}): Promise<readonly [RedisLock, RedisLock, RedisLock]> {
    return [await this.lock(name, options), await this.lock(name, options), await this.lock(name, options)];
  }

  worker(options: Omit<WorkerOptions, 'port' | 'client'>): Worker {
    const worker = new Worker({ port: this.server.port, client: this.kind, ...options });
    this.after(() => worker.kill());
    return worker;
  }
}

/** Waits for a permit. */
export function hold(lock: { acquire(weight?: number): Observable<LeasedPermit> }, weight?: number): Promise<LeasedPermit> {
  return firstValueFrom(lock.acquire(weight));
}

/** A caller that waits: what it was told. */
export class Waiter {
  permit: LeasedPermit | undefined = undefined;
  error: unknown = undefined;
  private readonly subscription;

  constructor(
    lock: { acquire(weight?: number): Observable<LeasedPermit> },
    weight?: number,
    granted: () => void = () => undefined,
  ) {
    this.subscription = lock.acquire(weight).subscribe({
      next: (permit) => {
        this.permit = permit;
        granted();
      },
      error: (error: unknown) => {
        this.error = error;
      },
    });
  }

  /** Whether it was told anything. */
  get isTold(): boolean {
    return this.permit !== undefined || this.error !== undefined;
  }

  leave(): void {
    this.subscription.unsubscribe();
  }

  async granted(): Promise<LeasedPermit> {
    await eventually(() => this.isTold);
    if (this.permit === undefined) {
      throw this.error;
    }
    return this.permit;
  }

  async failed(): Promise<unknown> {
    await eventually(() => this.isTold);
    return this.error;
  }
}

/** Registers the same specs for each client. */
export function withEachClient(title: string, specs: (kind: Kind) => void): void {
  for (const kind of Object.keys(connects) as Kind[]) {
    describe(`${title}, with ${kind}`, () => {
      specs(kind);
    });
  }
}
