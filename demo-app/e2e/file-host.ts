import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

import type { RunningServer } from '../server/server';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.md': 'text/markdown',
};

/** Serves the files of a folder below a path, as hosts of documentation do: a folder has an index.html, and there is a 404.html. */
export async function hostFiles(folder: string, mount: string, port = 0): Promise<RunningServer> {
  const server = createServer((request, response) => {
    const send = async (file: string, status: number): Promise<void> => {
      const content = await readFile(file);
      response.writeHead(status, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(content);
    };
    const answer = async (): Promise<void> => {
      const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
      const file = join(folder, pathname.slice(mount.length));
      const found = pathname.startsWith(mount) ? await stat(file).catch(() => undefined) : undefined;
      if (found?.isDirectory() !== true) await send(found === undefined ? join(folder, '404.html') : file, found ? 200 : 404);
      else if (pathname.endsWith('/')) await send(join(file, 'index.html'), 200);
      else response.writeHead(301, { location: `${pathname}/${search}` }).end();
    };
    answer().catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the host is not listening on a port');
  return {
    url: `http://127.0.0.1:${String(address.port)}${mount}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
