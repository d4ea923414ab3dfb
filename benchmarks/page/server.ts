/**
 * Serves the page, and the items that it asks for, each after the same latency; counts how many requests are under way.
 *
 * It listens at more than one port. To one, Chrome opens six connections over HTTP/1.1, however many requests there are:
 * it would look here as if six permits did their work, though nobody had asked for one. To two it opens twelve.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { itemOf } from './protocol.js';

const PORTS = 2;

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>throttleBySemaphore</title>
    <link rel="icon" href="data:,">
    <script type="module" src="/page.js"></script>
  </head>
</html>
`;

/** What one run has asked for. */
export class Tally {
  readonly asked = new Set<number>();
  requests = 0;
  running = 0;
  most = 0;
}

export class ItemServer {
  private readonly servers: readonly Server[];
  private readonly tallies = new Map<string, Tally>();

  private constructor(
    private readonly script: string,
    private readonly latency: number,
  ) {
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      this.answer(request, response);
    };
    this.servers = Array.from({ length: PORTS }, () => createServer(answer));
  }

  /** Serves on the loopback interface alone. */
  static async listen(script: string, latency: number): Promise<ItemServer> {
    const created = new ItemServer(script, latency);
    for (const server of created.servers) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(0, '127.0.0.1', resolve);
      });
    }
    return created;
  }

  get origins(): string[] {
    return this.servers.map((server) => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  }

  /** What the run has asked for until now. */
  tallyOf(run: string): Tally {
    let tally = this.tallies.get(run);
    if (tally === undefined) {
      tally = new Tally();
      this.tallies.set(run, tally);
    }
    return tally;
  }

  /** Hangs up on everyone and stops. */
  async close(): Promise<void> {
    for (const server of this.servers) {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    }
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [, run, id] = /^\/runs\/([^/]+)\/items\/(\d+)$/.exec(pathname) ?? [];
    if (request.method === 'GET' && run !== undefined && id !== undefined) {
      this.answerLater(run, Number(id), response);
    } else if (pathname === '/') {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(html);
    } else if (pathname === '/page.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(this.script);
    } else {
      response.writeHead(404).end();
    }
  }

  private answerLater(run: string, id: number, response: ServerResponse): void {
    const tally = this.tallyOf(run);
    tally.requests++;
    tally.asked.add(id);
    tally.running++;
    tally.most = Math.max(tally.most, tally.running);
    setTimeout(() => {
      tally.running--; // before it is sent: who has the answer may ask for the next item at once
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        'Access-Control-Allow-Origin': '*',
      });
      response.end(JSON.stringify(itemOf(run, id)));
    }, this.latency);
  }
}
