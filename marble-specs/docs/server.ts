import { noop, Observable, timer } from 'rxjs';

/** A server that finishes a request although its client has unsubscribed. */
export class Server {
  /** The texts that it has written, in order. */
  readonly landed: string[] = [];

  /** The most requests that it has handled at a time. */
  atMost = 0;

  private running = 0;

  /** Sends a request that takes `latency`. */
  put(text: string, latency: number): Observable<string> {
    return new Observable((client) => {
      this.atMost = Math.max(this.atMost, ++this.running);
      timer(latency).subscribe(() => {
        this.running--;
        this.landed.push(text);
        client.next(text);
        client.complete();
      });
      return noop;
    });
  }
}
