import type { DocumentReport } from '../../api';
import { documentVerdict } from './document-verdict';

const report: DocumentReport = { id: '1', revision: 20, text: '', newest: 20, lateSaves: 0, log: [] };

describe('documentVerdict', () => {
  it('is good if the newest edit is stored and no save was late', () => {
    expect(documentVerdict(report, 20).tone).toBe('good');
  });

  it('is bad if an older edit is stored', () => {
    expect(documentVerdict({ ...report, revision: 19, lateSaves: 5 }, 20)).toEqual({
      tone: 'bad',
      headline: 'Stale.',
      detail: 'The server stores edit 19, although it had already committed edit 20. 5 saves were committed after a newer one.',
    });
  });

  it('is bad if the newest edit is stored only by luck', () => {
    expect(documentVerdict({ ...report, lateSaves: 1 }, 20)).toEqual({
      tone: 'bad',
      headline: 'Lucky.',
      detail:
        'The server stores edit 20, the newest, but the document was stale in between. One save was committed after a newer one.',
    });
  });

  it('is neither if the newest edit was refused or cancelled', () => {
    expect(documentVerdict({ ...report, revision: 19, newest: 19 }, 20)).toEqual({
      tone: 'stopped',
      headline: 'Unfinished.',
      detail: 'The server stores edit 19. Edit 20, the newest, was not saved.',
    });
  });

  it('is idle if no save was committed', () => {
    expect(documentVerdict({ ...report, revision: 0, newest: 0 }, 20).tone).toBe('idle');
  });
});
