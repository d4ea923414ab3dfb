/** The backend in Node, with the built pages if they are wanted. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join, relative } from 'node:path';

import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';

import { createBackend } from '../backend/backend';

export interface ServerOptions {
  /** The default, 0, selects any free port. */
  readonly port?: number;
  /** The directory of the built pages, to serve them too. */
  readonly pages?: string;
  /** The directory of the documents that pages link to. Built pages have copies. `ng serve` would not tell their charset. */
  readonly documents?: string;
}

export interface RunningServer {
  readonly url: string;
  /** Closes all connections and stops. */
  close(): Promise<void>;
}

/** A browser keeps six connections to one origin. So four origins allow 24 requests at a time. */
const extraOrigins = 4;

/** Listens on the loopback interface only: on the port, and on further free ports for requests and logs. */
export async function listen({ port = 0, pages, documents }: ServerOptions = {}): Promise<RunningServer> {
  const urls: string[] = [];
  const backend = createBackend(
    () => ({ kind: 'server', origins: urls.slice(1, -1), log: urls.at(-1) ?? '' }),
    ({ env }) => {
      (env as HttpBindings).incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    },
  );
  if (documents !== undefined) {
    backend.on('GET', ['/README.md', '/docs/*'], contentTypeOfMarkdown, serveStatic({ root: relative('', documents) || '.' }));
  }
  if (pages !== undefined) {
    const index = await readFile(join(pages, 'index.html'), 'utf8');
    backend.use(compress(), cacheHashed, contentTypeOfMarkdown, serveStatic({ root: relative('', pages), precompressed: true }));
    // The router of the pages handles every other address, apart from those of files.
    backend.get('*', (context) => (/\.\w+$/.test(context.req.path) ? context.notFound() : context.html(index)));
  }
  const handle = getRequestListener(backend.fetch);
  const servers: Server[] = [];
  for (const each of [port, ...Array.from({ length: extraOrigins + 1 }, () => 0)]) {
    const server = createServer((request, response) => {
      void handle(request, response);
    });
    servers.push(server);
    urls.push(await urlOf(server, each));
  }
  return {
    url: urls[0] ?? '',
    close: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

/** The name of a file with a hash changes with its content. A browser must ask for every other file again. */
const cacheHashed: MiddlewareHandler = async (context, next) => {
  await next();
  const isHashed = context.res.ok && /-[A-Z0-9]{8}\.(js|css)$/.test(context.req.path);
  context.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
};

const contentTypeOfMarkdown: MiddlewareHandler = async (context, next) => {
  await next();
  if (context.req.path.endsWith('.md')) context.header('content-type', 'text/markdown; charset=utf-8');
};

async function urlOf(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server is not listening on a port');
  return `http://127.0.0.1:${String(address.port)}`;
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
