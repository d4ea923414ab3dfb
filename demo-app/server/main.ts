import { listen } from './server';

/** Runs the backend as a separate process, which notifies its parent when it is ready. */
const server = await listen({ port: Number(process.env['API_PORT'] ?? 4201) });
console.log(`backend: ${server.url}/api`);
process.send?.({ ready: server.port });

const stop = (): void => {
  void server.close().finally(() => process.exit());
};
process.once('SIGINT', stop).once('SIGTERM', stop);
