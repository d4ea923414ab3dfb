import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './examples.node.js';

/** The sample is compiled and run by its own specs, so what the guide shows of it works. */
describe('The guide for NestJS', () => {
  const text = readFileSync(join(root, 'docs/nestjs.md'), 'utf8');
  const snippets = [...text.matchAll(/^\[`(.*)`\]\(\.\.\/samples\/nestjs\/(.*)\)\n\n```ts\n([\s\S]*?)^```/gm)];

  for (const [, title = '', file = '', code = ''] of snippets) {
    it(`shows ${title} as it is`, () => {
      expect(code).toBe(readFileSync(join(root, 'samples/nestjs', file), 'utf8'));
      expect(title).toBe(file);
    });
  }

  it('shows no code but that of the sample', () => {
    expect(snippets.length).toBeGreaterThan(5);
    expect(text.match(/^```ts/gm)?.length).toBe(snippets.length);
  });

  it('links to what exists', () => {
    const targets = [...text.matchAll(/\]\((.*?)(?:#.*?)?\)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !existsSync(join(root, 'docs', target)))).toEqual([]);
  });
});
