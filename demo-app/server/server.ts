import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

import express, { type Express } from 'express';

import { documentRoutes } from './document-routes';
import { downloadRoutes } from './download-routes';
import { problemHandler, unknownEndpoint } from './http-problem';
import { runRoutes } from './run-routes';
import { Runs } from './runs';

export interface ServerOptions {
  /** The default, 0, selects any free port. */
  readonly port?: number;
  /** The directory of the built pages, to serve them too. */
  readonly pages?: string;
}

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  /** Closes all connections and stops. */
  close(): Promise<void>;
}

export function createApp(pages?: string): Express {
  const runs = new Runs();
  const api = express
    .Router()
    .use(express.json({ limit: '64kb' }))
    .use('/runs', runRoutes(runs))
    .use('/documents', documentRoutes(runs))
    .use('/downloads', downloadRoutes(runs))
    .use(unknownEndpoint);

  const app = express().disable('x-powered-by').disable('etag').use('/api', api);
  if (pages !== undefined) {
    app.use(express.static(pages));
    // The router of the pages handles every other address.
    app.get('/{*page}', (_request, response) => {
      response.sendFile(join(pages, 'index.html'));
    });
  }
  return app.use(unknownEndpoint).use(problemHandler);
}

/** Listens on the loopback interface only. */
export async function listen({ port = 0, pages }: ServerOptions = {}): Promise<RunningServer> {
  const server = createServer(createApp(pages));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const bound = portOf(server);
  return { port: bound, url: `http://127.0.0.1:${String(bound)}`, close: () => close(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server is not listening on a port');
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error) reject(error);
      else resolve();
    });
    server.closeAllConnections();
  });
}
