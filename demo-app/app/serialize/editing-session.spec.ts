import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting, type TestRequest } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import type { DocumentReport, Edit } from '../../api';
import { EditingSession, sentence } from './editing-session';

const report: DocumentReport = { id: '1', revision: 20, text: sentence, newest: 20, lateSaves: 0, log: [] };
const refusal = '503: the server gave no reason';

describe('EditingSession', () => {
  let session: EditingSession;
  let server: HttpTestingController;

  beforeEach(() => {
    jasmine.clock().install();
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), EditingSession],
    });
    session = TestBed.inject(EditingSession);
    server = TestBed.inject(HttpTestingController);
  });

  afterEach(() => {
    jasmine.clock().uninstall();
  });

  const begin = () => {
    const [unlocked, locked] = server.match('/api/runs');
    unlocked?.flush({ id: 'at-once', seed: 1 });
    locked?.flush({ id: 'in-turn', seed: 1 });
    return [unlocked, locked].map((request) => (request?.request.body as { seed: number } | undefined)?.seed);
  };
  const saves = (run: string) => server.match(({ method, params }) => method === 'PUT' && params.get('run') === run);
  const revision = ({ request }: TestRequest) => (request.body as Edit).revision;
  const answerAll = (run: string) => {
    const revisions: number[] = [];
    for (let open = saves(run); open.length > 0; open = saves(run)) {
      for (const save of open) {
        revisions.push(revision(save));
        if (save.request.params.get('fail') === 'true') save.flush(null, { status: 503, statusText: 'refused' });
        else save.flush({});
      }
    }
    TestBed.tick();
    return revisions;
  };
  const answerReports = () => {
    TestBed.tick();
    const asked = server.match(({ method }) => method === 'GET');
    for (const request of asked) request.flush(report);
    return asked.map(({ request }) => request.params.get('run'));
  };

  it('starts a run for each side, both with the same seed', () => {
    session.play();
    const [one, other] = begin();

    expect(one).toEqual(jasmine.any(Number));
    expect(one).toBe(other);
  });

  it('types twenty edits, and saves them on both sides', () => {
    session.play();
    begin();
    jasmine.clock().tick(2_000);

    expect(session.text()).toBe(sentence);
    expect(session.typing()).toBeFalse();
    expect(saves('at-once').map(revision)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(saves('in-turn').map(revision)).toEqual([1]);
    expect(session.lockState()).toEqual({ locked: true, waiting: 19 });
    session.stop();
  });

  it('requests the report of each side only when its last save has ended', () => {
    session.play();
    begin();
    jasmine.clock().tick(2_000);
    expect(answerReports()).toEqual([]);
    answerAll('at-once');
    expect(answerReports()).toEqual(['at-once']);
    expect(session.unlockedSide.verdict().tone).toBe('good');
    expect(session.lockedSide.verdict().tone).toBe('busy');
    expect(session.busy()).toBeTrue();
    expect(answerAll('in-turn')).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(answerReports()).toEqual(['in-turn']);

    expect(session.lockedSide.report()).toEqual(report);
    expect(session.busy()).toBeFalse();
  });

  it('shows each refused save, and continues with the next one', () => {
    session.refusing.set(true);
    session.play();
    begin();
    jasmine.clock().tick(2_000);
    answerAll('at-once');
    answerAll('in-turn');

    for (const side of [session.unlockedSide, session.lockedSide]) {
      expect(side.problems()).toEqual([refusal, refusal]);
      expect(
        side.board
          .lanes()
          .filter((lane) => lane.state === 'failed')
          .map((lane) => lane.label),
      ).toEqual(['edit 7', 'edit 14']);
      expect(side.board.ended()).toBe(20);
    }
    expect(session.lockState()).toEqual({ locked: false, waiting: 0 });
  });

  it('cancels all saves and frees the lock when it is stopped', () => {
    session.play();
    begin();
    jasmine.clock().tick(500);
    session.stop();
    jasmine.clock().tick(5_000);

    expect(session.busy()).toBeFalse();
    expect(session.lockState()).toEqual({ locked: false, waiting: 0 });
    expect(session.lockedSide.board.lanes().every((lane) => lane.state === 'cancelled')).toBeTrue();
    expect(saves('in-turn').every((save) => save.cancelled)).toBeTrue();
  });

  it('gives no verdict on a stopped side', () => {
    session.play();
    begin();
    jasmine.clock().tick(500);
    session.stop();
    for (const side of [session.unlockedSide, session.lockedSide]) expect(side.verdict().headline).toBe('Stopped.');
    expect(answerReports()).toEqual(['at-once', 'in-turn']);

    for (const side of [session.unlockedSide, session.lockedSide]) expect(side.verdict().headline).toBe('Stopped.');
  });

  it('gives a verdict on a side that had ended before the stop', () => {
    session.play();
    begin();
    jasmine.clock().tick(2_000);
    answerAll('at-once');
    answerReports();
    session.stop();
    answerReports();

    expect(session.unlockedSide.verdict().tone).toBe('good');
    expect(session.lockedSide.verdict().headline).toBe('Stopped.');
  });

  it('is stopped and no longer busy, even before a run has started', () => {
    session.play();
    session.stop();

    expect(session.busy()).toBeFalse();
    expect(session.lockedSide.verdict().headline).toBe('Stopped.');
  });

  it('gives a verdict on edits typed after a stop', () => {
    session.edit('a');
    begin();
    session.stop();
    expect(saves('in-turn').length).toBe(1);
    session.edit('ab');
    expect(session.lockedSide.verdict().tone).toBe('busy');
    answerAll('in-turn');
    TestBed.tick();
    server.expectOne('/api/documents/1?run=in-turn').flush({ ...report, revision: 2, newest: 2 });

    expect(session.lockedSide.verdict().tone).toBe('good');
  });

  it('is unfinished if the newest edit was cancelled', () => {
    session.edit('a');
    begin();
    session.edit('ab');
    session.lockedSide.board.cancel(2);
    answerAll('in-turn');
    TestBed.tick();
    server.expectOne('/api/documents/1?run=in-turn').flush({ ...report, revision: 1, newest: 1 });

    expect(session.lockedSide.verdict().headline).toBe('Unfinished.');
  });

  it('is unfinished, not busy, if the server refuses the report', () => {
    session.edit('a');
    begin();
    answerAll('in-turn');
    TestBed.tick();
    server.expectOne('/api/documents/1?run=in-turn').flush(null, { status: 503, statusText: 'refused' });

    expect(session.lockedSide.verdict().headline).toBe('Unfinished.');
    expect(session.lockedSide.problems()).toEqual([refusal]);
  });

  it('saves typed text in one run until the user starts over', () => {
    session.edit('a');
    begin();
    session.edit('ab');
    expect(saves('at-once').map(revision)).toEqual([1, 2]);
    session.clear();
    expect(session.text()).toBe('');
    session.edit('c');

    expect(begin()).toEqual([jasmine.any(Number), jasmine.any(Number)]);
    expect(saves('at-once').map(revision)).toEqual([1]);
    session.stop();
  });

  it('shows that no run could be started, and retries with the next edit', () => {
    session.edit('a');
    for (const request of server.match('/api/runs')) {
      if (!request.cancelled) request.flush(null, { status: 500, statusText: 'no runs' });
    }
    expect([...session.unlockedSide.problems(), ...session.lockedSide.problems()]).toEqual(['500: the server gave no reason']);
    expect(session.unlockedSide.verdict().headline).toBe('Unfinished.');
    session.edit('ab');
    begin();

    expect(saves('at-once').map(revision)).toEqual([2]);
    session.stop();
  });

  it('stops when its page is destroyed', () => {
    session.edit('a');
    begin();
    session.ngOnDestroy();

    expect(session.lockState()).toEqual({ locked: false, waiting: 0 });
  });
});
