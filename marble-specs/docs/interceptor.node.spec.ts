import { HttpRequest, HttpResponse, type HttpEvent, type HttpHandlerFn, type HttpInterceptorFn } from '@angular/common/http';
import { concatMap, defer, Subject } from 'rxjs';

import { inPage, load, removeFiles, writeFiles, type Example } from './examples.node.js';

/** What the recipes say about their interceptor. The specs load the snippet itself. */
describe('The interceptor of the recipes', () => {
  let limitRequests: HttpInterceptorFn;
  let answers: Subject<HttpEvent<unknown>>[];

  const backend: HttpHandlerFn = () =>
    defer(() => {
      const answer = new Subject<HttpEvent<unknown>>();
      answers.push(answer);
      return answer;
    });

  /** Combines interceptors as `withInterceptors` does. */
  function clientWith(...interceptors: HttpInterceptorFn[]): (url: string) => ReturnType<HttpHandlerFn> {
    const handle = interceptors.reduceRight<HttpHandlerFn>((next, each) => (request) => each(request, next), backend);
    return (url) => handle(new HttpRequest('GET', url));
  }

  beforeAll(async () => {
    const isInterceptor = ({ code }: Example): boolean => code.includes('HttpInterceptorFn');
    const example = inPage('docs/recipes.md').find(isInterceptor);
    if (example === undefined) {
      throw new Error('the recipes have no interceptor');
    }
    writeFiles([example]);
    ({ limitRequests } = (await load(example)) as { limitRequests: HttpInterceptorFn });
  });

  beforeEach(() => {
    answers = [];
  });

  afterAll(removeFiles);

  it('sends six requests at a time, and the others in order', () => {
    const get = clientWith(limitRequests);
    const urls = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const subscriptions = urls.map((url) => get(url).subscribe());
    expect(answers.length).toBe(6);
    answers[2]?.next(new HttpResponse());
    expect(answers.length).toBe(6);
    answers[2]?.complete();
    expect(answers.length).toBe(7);
    subscriptions.forEach((each) => {
      each.unsubscribe();
    });
  });

  /** Sends twelve requests, each after a request for a token by another interceptor. Returns how many are answered. */
  function answered(order: (auth: HttpInterceptorFn) => HttpInterceptorFn[]): number {
    const get = clientWith(
      ...order((request, next) => (request.url === 'token' ? next(request) : get('token').pipe(concatMap(() => next(request))))),
    );
    let count = 0;
    const subscriptions = Array.from({ length: 12 }, () => get('file').subscribe(() => count++));
    // An answer may send further requests, which the loop answers too.
    for (const answer of answers) {
      answer.next(new HttpResponse());
      answer.complete();
    }
    subscriptions.forEach((each) => {
      each.unsubscribe();
    });
    return count;
  }

  it('works behind an interceptor that sends requests of its own', () => {
    expect(answered((auth) => [auth, limitRequests])).toBe(12);
  });

  it('makes requests wait for each other for ever in front of such an interceptor', () => {
    expect(answered((auth) => [limitRequests, auth])).toBeLessThan(12);
  });
});
