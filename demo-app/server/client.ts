import type { DocumentReport, DownloadStats, Run } from '../api';

/** The requests of the specs to a running backend. The casts assume the contract of `api.ts`; the specs check the values. */
export class Client {
  constructor(private readonly url: string) {}

  send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(this.url + path, {
      method,
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
  }

  async begin(seed?: number): Promise<Run> {
    const response = await this.send('POST', '/api/runs', seed === undefined ? {} : { seed });
    return (await response.json()) as Run;
  }

  save(run: string, revision: number, query = ''): Promise<Response> {
    return this.send('PUT', `/api/documents/1?run=${run}${query}`, { revision, text: `revision ${String(revision)}` });
  }

  async document(run: string): Promise<DocumentReport> {
    return (await (await this.send('GET', `/api/documents/1?run=${run}`)).json()) as DocumentReport;
  }

  async stats(run: string): Promise<DownloadStats> {
    return (await (await this.send('GET', `/api/downloads/stats?run=${run}`)).json()) as DownloadStats;
  }
}
