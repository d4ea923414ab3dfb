import type { DocumentReport } from '../../api';
import type { Verdict } from '../shared/verdict';

/** The verdict on the saves, from the server's report. `edited` is the newest edit. */
export function documentVerdict({ revision, newest, lateSaves }: DocumentReport, edited: number): Verdict {
  if (newest === 0) {
    return { tone: 'idle', headline: 'Nothing saved.', detail: 'The server has committed no save.' };
  }
  if (revision < newest) {
    return {
      tone: 'bad',
      headline: 'Stale.',
      detail: `The server stores edit ${String(revision)}, although it had already committed edit ${String(newest)}. ${late(lateSaves)}`,
    };
  }
  if (lateSaves > 0) {
    return {
      tone: 'bad',
      headline: 'Lucky.',
      detail: `The server stores edit ${String(newest)}, the newest, but the document was stale in between. ${late(lateSaves)}`,
    };
  }
  if (newest < edited) {
    return {
      tone: 'stopped',
      headline: 'Unfinished.',
      detail: `The server stores edit ${String(newest)}. Edit ${String(edited)}, the newest, was not saved.`,
    };
  }
  return {
    tone: 'good',
    headline: 'Correct.',
    detail: `The server stores edit ${String(newest)}, the newest, and no save was committed after a newer one.`,
  };
}

function late(saves: number): string {
  return saves === 1 ? 'One save was committed after a newer one.' : `${String(saves)} saves were committed after a newer one.`;
}
