import type { DocumentReport } from '../../api';
import type { Verdict } from '../shared/verdict';

/** What the server's report says of the saves. */
export function documentVerdict({ revision, newest, overwrites }: DocumentReport): Verdict {
  if (newest === 0) {
    return { tone: 'idle', headline: 'Nothing saved.', detail: 'No save has landed at the server.' };
  }
  if (revision < newest) {
    return {
      tone: 'bad',
      headline: 'Stale.',
      detail: `The server ended with edit ${String(revision)}: it wrote over edit ${String(newest)}, which had already landed. ${times(overwrites)}`,
    };
  }
  if (overwrites > 0) {
    return {
      tone: 'bad',
      headline: 'Lucky.',
      detail: `The newest edit, ${String(newest)}, landed last, but on the way the document was stale. ${times(overwrites)}`,
    };
  }
  return {
    tone: 'good',
    headline: 'Correct.',
    detail: `The server ended with edit ${String(newest)}, the newest, and no save ever wrote over a newer one.`,
  };
}

function times(overwrites: number): string {
  return overwrites === 1
    ? 'Once an older save wrote over a newer one.'
    : `${String(overwrites)} times an older save wrote over a newer one.`;
}
