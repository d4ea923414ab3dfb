import type { Instance } from '../src/instance.js';
import type { Added } from '../src/invoices/invoices.controller.js';
import type { SentMail } from '../src/mails/mailer.js';

/** What an instance answers. */
export interface Answer<T> {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: T;
}

/** The answer to a request that did not get its lock, or has lost it. */
export interface Refusal {
  readonly statusCode: number;
  readonly message: string;
}

async function send<T>({ url }: Instance, path: string, request: RequestInit): Promise<Answer<T>> {
  const response = await fetch(url + path, request);
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: (await response.json()) as T };
}

/** Adds an invoice whose document takes so many milliseconds. */
export function add<T = Added>(instance: Instance, series: string, takes = 0, id = 'spec'): Promise<Answer<T>> {
  const headers = { 'x-request-id': id };
  return send(instance, `/invoices/${series}?takes=${String(takes)}`, { method: 'POST', headers });
}

/** Asks for the number of invoices. */
export function count<T>(instance: Instance, series: string): Promise<Answer<T>> {
  return send(instance, `/invoices/${series}`, {});
}

/** Sends mails. */
export function mail(instance: Instance, addresses: readonly string[]): Promise<Answer<SentMail[]>> {
  const headers = { 'content-type': 'application/json' };
  return send(instance, '/mails', { method: 'POST', headers, body: JSON.stringify(addresses) });
}
