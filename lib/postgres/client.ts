/** A client of `pg`, as far as it is needed: `Client`. */
export interface PostgresClient {
  connect(): Promise<unknown>;
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  end(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  /** The process of the server, as the handshake told it. */
  readonly processID?: number | null;
  /** Its socket, so that a connection that does not answer can be ended. */
  readonly connection?: { readonly stream?: { destroy(): unknown } };
}
