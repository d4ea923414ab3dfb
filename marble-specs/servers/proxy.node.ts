/** A network between clients and a server that a spec can disturb. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export class Proxy {
  port = 0;
  /** How many connections it has made. */
  made = 0;
  /** How many connections it has refused. */
  refused = 0;
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private isStalled = false;
  private mayConnect = true;
  private readonly server = createServer((client) => {
    this.forward(client);
  });

  private constructor(private target: number) {}

  static async to(target: number): Promise<Proxy> {
    const proxy = new Proxy(target);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    proxy.port = (proxy.server.address() as AddressInfo).port;
    return proxy;
  }

  /** How many of its connections have not ended. */
  get open(): number {
    return this.pairs.size;
  }

  /** Nothing passes any more, not even the end of a connection. Connections that are made later stall too. */
  stall(): void {
    this.isStalled = true;
    for (const socket of this.sockets()) {
      socket.pause();
    }
  }

  /** Stalls what the server answers on the oldest connection. */
  stallFirstAnswers(): void {
    [...this.pairs][0]?.[1].pause();
  }

  /** Lets the newest connection pass again. */
  resumeLast(): void {
    for (const socket of [...this.pairs].at(-1) ?? []) {
      socket.resume();
    }
  }

  /** What was held back passes now. */
  resume(): void {
    this.isStalled = false;
    for (const socket of this.sockets()) {
      socket.resume();
    }
  }

  /** Stalls the oldest connection alone. */
  stallFirst(): void {
    for (const socket of [...this.pairs][0] ?? []) {
      socket.pause();
    }
  }

  /** Ends all connections, and refuses new ones until {@link mend}. */
  cut(): void {
    this.mayConnect = false;
    for (const socket of this.sockets()) {
      socket.destroy();
    }
  }

  /** Lets clients connect again, to another server if one is named. */
  mend(target = this.target): void {
    this.target = target;
    this.mayConnect = true;
  }

  async end(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private sockets(): Socket[] {
    return [...this.pairs].flat();
  }

  private forward(client: Socket): void {
    if (!this.mayConnect) {
      this.refused++;
      client.destroy();
      return;
    }
    const server = connect(this.target, '127.0.0.1');
    const pair = [client, server] as const;
    this.pairs.add(pair);
    this.made++;
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on('data', (data) => to.write(data));
      from.on('error', () => undefined);
      from.on('close', () => {
        to.destroy();
        this.pairs.delete(pair);
      });
      if (this.isStalled) {
        from.pause();
      }
    }
  }
}
