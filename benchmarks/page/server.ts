/**
 * Serves the page and its items, each item after the same latency, and counts the requests under way.
 *
 * The server listens on two ports. Chrome opens at most six HTTP/1.1 connections to one port. With one port the count would be
 * six even without a limit in the page. With two ports Chrome opens twelve connections.
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

/** The requests of one run. */
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

  /** Listens on the loopback interface only. */
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

  /** The requests of the run so far. */
  tallyOf(run: string): Tally {
    let tally = this.tallies.get(run);
    if (tally === undefined) {
      tally = new Tally();
      this.tallies.set(run, tally);
    }
    return tally;
  }

  /** Closes all connections and stops. */
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
      tally.running--; // before the response: the page may send the next request as soon as it arrives
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        'Access-Control-Allow-Origin': '*',
      });
      response.end(JSON.stringify(itemOf(run, id)));
    }, this.latency);
  }
}
