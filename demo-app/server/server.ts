import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

import express, { type Express } from 'express';

import { documentRoutes } from './document-routes';
import { downloadRoutes } from './download-routes';
import { problemHandler, unknownEndpoint } from './http-problem';
import { runRoutes } from './run-routes';
import { Runs } from './runs';

export interface ServerOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Where the built pages are, if they are to be served too. */
  readonly pages?: string;
}

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  /** Hangs up on everyone and stops. */
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
    // The pages route by themselves: any other address is theirs to make sense of.
    app.get('/{*page}', (_request, response) => {
      response.sendFile(join(pages, 'index.html'));
    });
  }
  return app.use(unknownEndpoint).use(problemHandler);
}

/** Serves on the loopback interface alone. */
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
