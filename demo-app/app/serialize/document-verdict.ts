import type { DocumentReport } from '../../api';
import type { Verdict } from '../shared/verdict';

/** What the server's report says of the saves of all edits up to `edited`, the newest. */
export function documentVerdict({ revision, newest, lateSaves }: DocumentReport, edited: number): Verdict {
  if (newest === 0) {
    return { tone: 'idle', headline: 'Nothing saved.', detail: 'No save has landed at the server.' };
  }
  if (revision < newest) {
    return {
      tone: 'bad',
      headline: 'Stale.',
      detail: `The server ended with edit ${String(revision)}, though edit ${String(newest)} had already landed. ${late(lateSaves)}`,
    };
  }
  if (lateSaves > 0) {
    return {
      tone: 'bad',
      headline: 'Lucky.',
      detail: `The newest edit, ${String(newest)}, landed last, but on the way the document was stale. ${late(lateSaves)}`,
    };
  }
  if (newest < edited) {
    return {
      tone: 'stopped',
      headline: 'Unfinished.',
      detail: `The server ended with edit ${String(newest)}. Edit ${String(edited)}, the newest, was not saved.`,
    };
  }
  return {
    tone: 'good',
    headline: 'Correct.',
    detail: `The server ended with edit ${String(newest)}, the newest, and no save landed after a newer one.`,
  };
}

function late(saves: number): string {
  return saves === 1 ? 'One save landed after a newer one.' : `${String(saves)} saves landed after a newer one.`;
}
