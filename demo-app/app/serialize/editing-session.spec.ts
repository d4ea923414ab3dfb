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
    const [atOnce, inTurn] = server.match('/api/runs');
    atOnce?.flush({ id: 'at-once', seed: 1 });
    inTurn?.flush({ id: 'in-turn', seed: 1 });
    return [atOnce, inTurn].map((request) => (request?.request.body as { seed: number } | undefined)?.seed);
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

  it('begins a run for each side, both with the same seed', () => {
    session.play();
    const [one, other] = begin();

    expect(one).toEqual(jasmine.any(Number));
    expect(one).toBe(other);
  });

  it('types twenty edits, which both sides save', () => {
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

  it('asks each side for its report when its last save has ended, and not before', () => {
    session.play();
    begin();
    jasmine.clock().tick(2_000);
    expect(answerReports()).toEqual([]);
    answerAll('at-once');
    expect(answerReports()).toEqual(['at-once']);
    expect(session.atOnce.verdict().tone).toBe('good');
    expect(session.inTurn.verdict().tone).toBe('busy');
    expect(session.busy()).toBeTrue();
    expect(answerAll('in-turn')).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(answerReports()).toEqual(['in-turn']);

    expect(session.inTurn.report()).toEqual(report);
    expect(session.busy()).toBeFalse();
  });

  it('shows every refusal, and goes on with the next save', () => {
    session.refusing.set(true);
    session.play();
    begin();
    jasmine.clock().tick(2_000);
    answerAll('at-once');
    answerAll('in-turn');

    for (const side of [session.atOnce, session.inTurn]) {
      expect(side.problems()).toEqual([refusal, refusal]);
      expect(
        side.board
          .lanes()
          .filter((lane) => lane.state === 'failed')
          .map((lane) => lane.label),
      ).toEqual(['edit 7', 'edit 14']);
      expect(side.board.settled()).toBe(20);
    }
    expect(session.lockState()).toEqual({ locked: false, waiting: 0 });
  });

  it('stops: nothing is under way any more, and the lock is free', () => {
    session.play();
    begin();
    jasmine.clock().tick(500);
    session.stop();
    jasmine.clock().tick(5_000);

    expect(session.busy()).toBeFalse();
    expect(session.lockState()).toEqual({ locked: false, waiting: 0 });
    expect(session.inTurn.board.lanes().every((lane) => lane.state === 'cancelled')).toBeTrue();
    expect(saves('in-turn').every((save) => save.cancelled)).toBeTrue();
  });

  it('judges no side that was stopped, whatever the server has', () => {
    session.play();
    begin();
    jasmine.clock().tick(500);
    session.stop();
    for (const side of [session.atOnce, session.inTurn]) expect(side.verdict().headline).toBe('Stopped.');
    expect(answerReports()).toEqual(['at-once', 'in-turn']);

    for (const side of [session.atOnce, session.inTurn]) expect(side.verdict().headline).toBe('Stopped.');
  });

  it('judges the side that had ended when the other one was stopped', () => {
    session.play();
    begin();
    jasmine.clock().tick(2_000);
    answerAll('at-once');
    answerReports();
    session.stop();
    answerReports();

    expect(session.atOnce.verdict().tone).toBe('good');
    expect(session.inTurn.verdict().headline).toBe('Stopped.');
  });

  it('is stopped, and not busy any more, before a run has begun', () => {
    session.play();
    session.stop();

    expect(session.busy()).toBeFalse();
    expect(session.inTurn.verdict().headline).toBe('Stopped.');
  });

  it('judges again what a person types after a stop', () => {
    session.edit('a');
    begin();
    session.stop();
    expect(saves('in-turn').length).toBe(1);
    session.edit('ab');
    expect(session.inTurn.verdict().tone).toBe('busy');
    answerAll('in-turn');
    TestBed.tick();
    server.expectOne('/api/documents/1?run=in-turn').flush({ ...report, revision: 2, newest: 2 });

    expect(session.inTurn.verdict().tone).toBe('good');
  });

  it('calls no document correct that lacks the newest edit, which was cancelled', () => {
    session.edit('a');
    begin();
    session.edit('ab');
    session.inTurn.board.cancel(2);
    answerAll('in-turn');
    TestBed.tick();
    server.expectOne('/api/documents/1?run=in-turn').flush({ ...report, revision: 1, newest: 1 });

    expect(session.inTurn.verdict().headline).toBe('Unfinished.');
  });

  it('is not busy for ever when the server gives no report', () => {
    session.edit('a');
    begin();
    answerAll('in-turn');
    TestBed.tick();
    server.expectOne('/api/documents/1?run=in-turn').flush(null, { status: 503, statusText: 'refused' });

    expect(session.inTurn.verdict().headline).toBe('Unfinished.');
    expect(session.inTurn.problems()).toEqual([refusal]);
  });

  it('saves what a person types, in one run until they start over', () => {
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

  it('shows that no run could be begun, and tries again with the next edit', () => {
    session.edit('a');
    for (const request of server.match('/api/runs')) {
      if (!request.cancelled) request.flush(null, { status: 500, statusText: 'no runs' });
    }
    expect([...session.atOnce.problems(), ...session.inTurn.problems()]).toEqual(['500: the server gave no reason']);
    expect(session.atOnce.verdict().headline).toBe('Unfinished.');
    session.edit('ab');
    begin();

    expect(saves('at-once').map(revision)).toEqual([2]);
    session.stop();
  });

  it('stops when its page goes away', () => {
    session.edit('a');
    begin();
    session.ngOnDestroy();

    expect(session.lockState()).toEqual({ locked: false, waiting: 0 });
  });
});
