import highlighter from 'highlight.js/lib/core';
import plaintext from 'highlight.js/lib/languages/plaintext';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';

const languages = { plaintext, python, typescript };
export type Language = keyof typeof languages;

for (const [name, language] of Object.entries(languages)) highlighter.registerLanguage(name, language);

/** The code as HTML, with a class for each kind of token. */
export function highlighted(code: string, language: Language): string {
  return highlighter.highlight(code, { language }).value;
}
