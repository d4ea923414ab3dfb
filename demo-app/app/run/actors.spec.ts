import { NEVER } from 'rxjs';
import { Barrier, Lock, trace } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { Actors, type Traced } from './actors';
import { Recording } from './recording';

describe('Actors', () => {
  const kinds = (actors: Actors, actor: string): string[] =>
    actors.recording
      .moments()
      .filter((moment) => moment.actor === actor)
      .map(({ kind }) => kind);

  it('tell how a waiter was cancelled once, although its lock says so too', () => {
    const actors = new Actors(new Recording());
    const lock = new Lock();
    const traced: Traced = { name: 'lock', state: lock, steps: trace(lock) };
    actors.trace(traced).subscribe();
    NEVER.pipe(withLock(lock, { label: 'a' }), actors.act('a')).subscribe();
    NEVER.pipe(withLock(lock, { label: 'b' }), actors.act('b')).subscribe();
    actors.cancel('b');
    actors.cancel('nobody');

    expect(kinds(actors, 'a')).toEqual(['asked', 'granted']);
    expect(kinds(actors, 'b')).toEqual(['asked', 'queued', 'cancelled']);
    expect(actors.recording.open()).toEqual(['a']);
  });

  it('tell that a wait failed, although the trace says that it was cancelled', () => {
    const actors = new Actors(new Recording());
    const barrier = new Barrier(2);
    actors.trace({ name: 'barrier', state: barrier, steps: trace(barrier) }).subscribe();
    barrier
      .wait({ label: 'a' })
      .pipe(actors.act('a'))
      .subscribe({ error: () => undefined });
    barrier.abort();

    expect(kinds(actors, 'a')).toEqual(['asked', 'queued', 'cancelled', 'failed']);
  });
});
