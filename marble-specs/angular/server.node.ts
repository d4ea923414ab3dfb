/**
 * A real HTTP server, which goes on working when its client hangs up, as servers do. A spec answers its requests by hand, and so
 * decides in which order things happen.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A request that has arrived at the server. */
export class Arrived {
  isAnswered = false;
  /** Whether the client has hung up before the answer. */
  hungUp = false;

  constructor(
    private readonly server: Server,
    readonly method: string,
    /** The path with the query. */
    readonly path: string,
    /** The value of the header `Authorization`. */
    readonly token: string | undefined,
    readonly body: string,
    private readonly response: ServerResponse,
  ) {
    response.on('close', () => {
      this.hungUp = !this.isAnswered;
    });
  }

  get name(): string {
    return `${this.method} ${this.path}`;
  }

  /** Finishes its work, and answers. If the client has hung up, the work is done nevertheless. */
  answer(status = 200, body: unknown = { path: this.path }): void {
    this.isAnswered = true;
    this.server.landed.push(this.body === '' ? this.name : this.body);
    this.response.writeHead(status, { 'content-type': 'application/json' });
    this.response.end(JSON.stringify(body));
  }

  /** Sends a part of the answer. */
  write(text: string): void {
    this.response.write(text);
  }
}

export class Server {
  /** All requests that have arrived, in order. */
  readonly requests: Arrived[] = [];
  /** What was done, in order: the body of a request, or its method and path. */
  readonly landed: string[] = [];
  /** Called with each new request. */
  onRequest: ((request: Arrived) => void) | undefined;
  url = '';

  private readonly server = createServer((message, response) => {
    void this.receive(message, response);
  });
  private readonly waiters: (() => void)[] = [];

  /** The names of the requests that have arrived. */
  get names(): string[] {
    return this.requests.map(({ name }) => name);
  }

  /** The number of requests without an answer. */
  get open(): number {
    return this.requests.filter(({ isAnswered }) => !isAnswered).length;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, '127.0.0.1', resolve);
    });
    this.url = `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  /** Waits until this number of requests have arrived, and returns the last of them. */
  async arrived(count: number): Promise<Arrived> {
    for (;;) {
      const request = this.requests[count - 1];
      if (request !== undefined) {
        return request;
      }
      await new Promise<void>((resolve) => {
        this.waiters.push(resolve);
      });
    }
  }

  /** Waits until the client of a request has hung up. */
  async hungUp(request: Arrived): Promise<void> {
    while (!request.hungUp) {
      await setTimeout(1);
    }
  }

  /** Waits for so long that a request that was sent before has arrived. */
  async settle(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      await setTimeout(2);
      await (await fetch(`${this.url}/ping`)).text();
    }
  }

  private async receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (message.url === '/ping') {
      response.end('pong');
      return;
    }
    let body = '';
    for await (const chunk of message.setEncoding('utf8')) {
      body += String(chunk);
    }
    const { method = '', url = '' } = message;
    const request = new Arrived(this, method, url, message.headers.authorization, body, response);
    this.requests.push(request);
    this.onRequest?.(request);
    for (const wake of this.waiters.splice(0)) {
      wake();
    }
  }
}
