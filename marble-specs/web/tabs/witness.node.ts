import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import type { Tokens } from './token-recipe.js';

const html = '<!doctype html><title>tab</title><body><script src="/tab.js"></script>';

/** How long a spec waits for a word. */
const PATIENCE = 20_000;

/**
 * Serves the pages, and is the witness: tabs say to it what happens in them. It keeps the order, and counts the units that are held
 * at a time: `a in`, `b in 2`, `a out`.
 */
export class WitnessServer {
  readonly words: string[] = [];
  /** The most units that were held at a time. */
  most = 0;
  session = new Session();

  private readonly inside = new Map<string, number>();
  private listeners: (() => void)[] = [];
  private readonly servers: Server[];

  private constructor(private readonly script: string) {
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      void this.answer(request, response);
    };
    this.servers = [createServer(answer), createServer(answer)];
  }

  static async listen(script: string): Promise<WitnessServer> {
    const witness = new WitnessServer(script);
    for (const server of witness.servers) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    return witness;
  }

  get url(): string {
    return this.urlOf(0);
  }

  /** The same pages, of another origin. */
  get otherUrl(): string {
    return this.urlOf(1);
  }

  clear(): void {
    this.words.length = 0;
    this.most = 0;
    this.inside.clear();
    this.session = new Session();
    this.listeners = [];
  }

  note(word: string): void {
    this.words.push(word);
    const [who = '', what, units = '1'] = word.split(' ');
    if (what === 'in') {
      this.inside.set(who, Number(units));
      this.most = Math.max(
        this.most,
        [...this.inside.values()].reduce((sum, each) => sum + each, 0),
      );
    } else if (what === 'out') {
      this.inside.delete(who);
    }
    for (const listener of this.listeners.splice(0)) {
      listener();
    }
  }

  /** Waits until a word was said, for the `time`-th time. */
  async heard(word: string, times = 1): Promise<void> {
    await this.until(() => this.words.filter((each) => each === word).length >= times, `${word} (${String(times)})`);
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!condition()) {
      if (Date.now() > deadline) {
        throw new Error(`never heard: ${what}; heard: ${this.words.join(', ')}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - Date.now() + 1);
        this.listeners.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** The words that begin with a name of `whose`, in order. */
  of(...whose: string[]): string[] {
    return this.words.filter((word) => whose.includes(word.split(' ')[0] ?? ''));
  }

  /** Who came in, in order. */
  get entered(): string[] {
    return this.words.filter((word) => / in\b/.test(word)).map((word) => word.split(' ')[0] ?? '');
  }

  async close(): Promise<void> {
    for (const server of this.servers) {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    }
  }

  private urlOf(index: number): string {
    const { port } = this.servers[index]?.address() as AddressInfo;
    return `http://127.0.0.1:${String(port)}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://witness');
    response.setHeader('access-control-allow-origin', '*'); // a sandboxed iframe has an origin of its own
    if (pathname === '/say') {
      this.note(await text(request));
      response.end();
    } else if (pathname === '/tab.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(this.script);
    } else if (pathname === '/trip') {
      response.end();
    } else if (pathname.startsWith('/data/')) {
      response.writeHead(this.session.takes(request.headers.authorization) ? 200 : 401).end();
    } else if (pathname === '/refresh') {
      const tokens = this.session.refresh(await text(request));
      if (tokens === undefined) {
        await this.session.beforeRefusal();
      }
      response.writeHead(tokens === undefined ? 400 : 200).end(JSON.stringify(tokens ?? {}));
    } else {
      response.writeHead(200, { 'content-type': 'text/html' }).end(pathname === '/elsewhere' ? '<title>elsewhere</title>' : html);
    }
  }
}

/** A session with rotating refresh tokens: each works once. */
class Session {
  tokens: Tokens = { access: 'access 0', refresh: 'refresh 0' };
  refreshes = 0;
  refusals = 0;
  /** What happens between a refusal and its answer. */
  beforeRefusal: () => Promise<void> = () => Promise.resolve();
  private isExpired = false;

  takes(access: string | undefined): boolean {
    return !this.isExpired && access === this.tokens.access;
  }

  expire(): void {
    this.isExpired = true;
  }

  refresh(refresh: string): Tokens | undefined {
    if (refresh !== this.tokens.refresh) {
      this.refusals++;
      return undefined;
    }
    this.refreshes++;
    this.isExpired = false;
    const round = String(this.refreshes);
    this.tokens = { access: `access ${round}`, refresh: `refresh ${round}` };
    return this.tokens;
  }
}
