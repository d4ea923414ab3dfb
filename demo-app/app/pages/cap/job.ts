import { HttpContextToken } from '@angular/common/http';
import type { MonoTypeOperatorFunction, Observable } from 'rxjs';

/** An upload, a preview, or a click on Save. */
export interface Job {
  readonly name: string;
  /** How much of the server it takes. */
  readonly units: number;
  /** Jobs with a higher priority go first. */
  readonly priority: number;
  /** Each of them sends one request. They are sent one after another. */
  readonly requests: readonly Observable<unknown>[];
}

/** What three parts of an application want to send. */
export interface Jobs {
  readonly files: Observable<Job>;
  readonly previews: Observable<Job>;
  readonly clicks: Observable<Job>;
}

/** Sends the requests of a job in turn, each of them through an operator. It never fails. */
export type Send = (job: Job, operator?: MonoTypeOperatorFunction<unknown>) => Observable<unknown>;

export type Play = (jobs: Jobs, send: Send) => Observable<unknown>;

/** What each request has in its context. */
export const UNITS = new HttpContextToken(() => 1);
export const PRIORITY = new HttpContextToken(() => 0);
