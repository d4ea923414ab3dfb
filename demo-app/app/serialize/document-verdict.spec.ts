import type { DocumentReport } from '../../api';
import { documentVerdict } from './document-verdict';

const report: DocumentReport = { id: '1', revision: 20, text: '', newest: 20, lateSaves: 0, log: [] };

describe('documentVerdict', () => {
  it('is good when the newest edit is there and none was late', () => {
    expect(documentVerdict(report, 20).tone).toBe('good');
  });

  it('is bad when an older edit is there', () => {
    expect(documentVerdict({ ...report, revision: 19, lateSaves: 5 }, 20)).toEqual({
      tone: 'bad',
      headline: 'Stale.',
      detail: 'The server ended with edit 19, though edit 20 had already landed. 5 saves landed after a newer one.',
    });
  });

  it('is bad when the newest edit is there by luck', () => {
    expect(documentVerdict({ ...report, lateSaves: 1 }, 20)).toEqual({
      tone: 'bad',
      headline: 'Lucky.',
      detail: 'The newest edit, 20, landed last, but on the way the document was stale. One save landed after a newer one.',
    });
  });

  it('is neither when the newest edit never landed: it was refused or cancelled', () => {
    expect(documentVerdict({ ...report, revision: 19, newest: 19 }, 20)).toEqual({
      tone: 'stopped',
      headline: 'Unfinished.',
      detail: 'The server ended with edit 19. Edit 20, the newest, was not saved.',
    });
  });

  it('is none when nothing landed', () => {
    expect(documentVerdict({ ...report, revision: 0, newest: 0 }, 20).tone).toBe('idle');
  });
});
