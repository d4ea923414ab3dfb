/** A client of `pg`, as far as it is needed: `Client`. */
export interface PostgresClient {
  /** Opens the connection. */
  connect(): Promise<unknown>;
  /** Runs a statement, and resolves with its rows. */
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  /** Closes the connection. */
  end(): Promise<unknown>;
  /** Tells a listener of each failure of the connection. */
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Tells a listener of the end of the connection. */
  on(event: 'end', listener: () => void): unknown;
  /** The process of the server, as the handshake told it. */
  readonly processID?: number | null;
  /** Its socket, so that a connection that does not answer can be ended. */
  readonly connection?: { readonly stream?: { destroy(): unknown } };
}
