import type { Mark, Paragraph, Row } from './parse';

/** A marble diagram in words, for readers who do not see it. */
export function describe(paragraphs: readonly Paragraph[]): string {
  return ['Marble diagram.', ...paragraphs.flat().map(describeRow)].join(' ');
}

function describeRow({ name, note, marks }: Row): string {
  const parts = [...marks.map(describeMark), note].filter((part) => part !== '');
  return `${name}: ${parts.join(', ')}.`;
}

function describeMark({ kind, text, frame }: Mark): string {
  const at = `at ${String(frame)}`;
  if (kind === 'complete') return `completes ${at}`;
  if (kind === 'error') return `fails ${at}`;
  return kind === 'waits' ? `waits from ${String(frame)}` : `${text} ${at}`;
}
