import { setTimeout } from 'node:timers/promises';

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
  private readonly closes: (() => Promise<void>)[] = [];
  private oldEars: readonly string[] = [];

  /** Registers what a `describe` needs. All of its specs share a server, which is emptied after each. */
  constructor(
    readonly kind: Kind,
    ...options: string[]
  ) {
    beforeAll(async () => {
      this.server = await RedisServer.start(...options);
    });
    beforeEach(async () => {
      this.oldEars = await this.allEars();
    });
    afterEach(async () => {
      for (const permit of permits.splice(0)) {
        permit.release();
      }
      // A lock that has no server any more is closed when its lease is over. No spec waits for that.
      await Promise.race([Promise.all(this.closes.splice(0).map((close) => close())), setTimeout(200)]);
      for (const end of this.ends.splice(0).reverse()) {
        await end();
      }
      await this.server.witness.flushall();
    });
    afterAll(() => this.server.stop());
  }

  /** The channels on which processes of this spec hear. */
  async ears(): Promise<string[]> {
    return (await this.allEars()).filter((ear) => !this.oldEars.includes(ear));
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
    this.closes.push(() => lock.close());
    return lock;
  }

  /** A semaphore of a process of its own. */
  async semaphore(name: string, value: number, options: RedisOptions = {}): Promise<RedisSemaphore> {
    const semaphore = new RedisSemaphore(await this.client(), name, value, { ...usual, ...options });
    this.closes.push(() => semaphore.close());
    return semaphore;
  }

  /** Three locks of one name, each of a process of its own. */
  async locks(name: string, options: RedisOptions = {}): Promise<readonly [RedisLock, RedisLock, RedisLock]> {
    return [await this.lock(name, options), await this.lock(name, options), await this.lock(name, options)];
  }

  private async allEars(): Promise<string[]> {
    return (await this.server.witness.pubsub('CHANNELS', 'rxjs-locks:to:*')) as string[];
  }

  worker(options: Omit<WorkerOptions, 'port' | 'client'>): Worker {
    const worker = new Worker({ port: this.server.port, client: this.kind, ...options });
    this.after(() => worker.kill());
    return worker;
  }
}

/** All permits of a spec. */
const permits: LeasedPermit[] = [];

/** Waits for a permit. */
export async function hold(lock: { acquire(weight?: number): Observable<LeasedPermit> }, weight?: number): Promise<LeasedPermit> {
  const permit = await firstValueFrom(lock.acquire(weight));
  permits.push(permit);
  return permit;
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
        permits.push(permit);
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
