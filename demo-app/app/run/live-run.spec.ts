import type { HttpInterceptorFn } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { EnvironmentInjector } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { NEVER, of, throwError } from 'rxjs';

import { LiveRun } from './live-run';
import { Recording } from './recording';

describe('LiveRun', () => {
  const begin = (origins: readonly string[] = [], interceptors: readonly HttpInterceptorFn[] = []) => {
    const recording = new Recording();
    const live = new LiveRun(
      { id: '1-2', seed: 1, hosts: { kind: 'server', origins, log: '' } },
      recording,
      TestBed.inject(EnvironmentInjector),
      interceptors,
      [provideHttpClientTesting()],
    );
    return { live, recording, http: live.injector.get(HttpTestingController) };
  };
  const story = ({ moments }: Recording) => moments().map(({ actor, kind }) => `${actor} ${kind}`);

  it('sends requests to all origins in turn, and records when the browser has them', () => {
    const { live, recording, http } = begin(['http://a', 'http://b']);
    for (const path of ['/1', '/2', '/3']) live.http.get(live.url(path)).subscribe();

    for (const address of ['http://a/api/runs/1-2/1', 'http://b/api/runs/1-2/2', 'http://a/api/runs/1-2/3'])
      http.expectOne(address);
    expect(story(recording)).toEqual(['GET /1 sent', 'GET /2 sent', 'GET /3 sent']);
  });

  it('sends requests relative to the page if there are no further origins', () => {
    const { live, http } = begin();
    live.http.put(live.url('/1'), {}).subscribe();

    http.expectOne('api/runs/1-2/1');
  });

  it('has the interceptors of the contestant, before a request counts as sent', () => {
    const { live, recording, http } = begin([], [() => NEVER]);
    live.http.get(live.url('/1')).subscribe();
    http.expectNone(() => true);

    expect(story(recording)).toEqual([]);
  });

  it('records what an actor asks for and how that ends', () => {
    const { live, recording } = begin();
    of(1).pipe(live.act('a')).subscribe();
    throwError(() => new Error('broken'))
      .pipe(live.act('b'))
      .subscribe({ error: () => undefined });
    NEVER.pipe(live.act('c')).subscribe().unsubscribe();

    expect(story(recording)).toEqual(['a asked', 'a done', 'b asked', 'b failed', 'c asked', 'c cancelled']);
  });

  it('cancels the actor that the user chose', () => {
    const { live, recording } = begin();
    const record: string[] = [];
    for (const actor of ['a', 'b']) NEVER.pipe(live.act(actor)).subscribe({ complete: () => record.push(actor) });
    live.cancel('b');
    live.cancel('unknown');

    expect(record).toEqual(['b']);
    expect(recording.open()).toEqual(['a']);
  });
});
