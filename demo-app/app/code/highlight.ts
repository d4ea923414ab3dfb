import highlighter from 'highlight.js/lib/core';
import typescript from 'highlight.js/lib/languages/typescript';

highlighter.registerLanguage('typescript', typescript);

/** The code as HTML, with a class for each kind of token. */
export function highlighted(code: string): string {
  return highlighter.highlight(code, { language: 'typescript' }).value;
}
