/** The server that Karma serves, as a spec sees it. See `karma-server.mjs`. */
export interface Log {
  readonly requests: readonly { readonly name: string; readonly body: string; readonly state: 'open' | 'hung up' | 'answered' }[];
  /** What was done, in order: the body of a request, or its method and path. */
  readonly landed: readonly string[];
  /** The greatest number of requests that the server worked on at a time. */
  readonly most: number;
}

let scenes = 0;

export class KarmaServer {
  readonly url = `/karma-server/${String(Date.now())}-${String(++scenes)}`;

  async log(): Promise<Log> {
    return (await (await fetch(`${this.url}/log`)).json()) as Log;
  }

  /** Waits until the log is as a spec expects it. */
  async until(isReached: (log: Log) => boolean): Promise<Log> {
    let log = await this.log();
    for (let poll = 0; !isReached(log); poll++) {
      if (poll === 800) {
        throw new Error(`the server has seen only this: ${JSON.stringify(log)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
      log = await this.log();
    }
    return log;
  }

  arrived(count: number): Promise<Log> {
    return this.until(({ requests }) => requests.length >= count);
  }

  /** Waits for so long that a request that was sent before has arrived. */
  async settle(): Promise<Log> {
    for (let round = 0; round < 2; round++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await this.log();
    }
    return this.log();
  }

  /** Answers a request without `ms`. */
  async answer(path: string): Promise<void> {
    await fetch(`${this.url}/answer?path=${path}`, { method: 'POST' });
  }
}
