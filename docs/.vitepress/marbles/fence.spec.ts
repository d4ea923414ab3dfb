import MarkdownIt from 'markdown-it';

import { drawMarbles } from './fence';

const diagram = 'one    --a--|\n';

describe('drawMarbles', () => {
  const markdown = new MarkdownIt().use(drawMarbles);
  const render = (language: string, text: string): string => markdown.render(`\`\`\`${language}\n${text}\`\`\`\n`);

  for (const language of ['', 'text', 'marble']) {
    it(`draws a diagram in a block ${language === '' ? 'without a language' : `of ${language}`}, and keeps its text`, () => {
      const html = render(language, diagram);

      expect(html).toContain('<svg role="img"');
      expect(html).toContain('<code>one    --a--|\n</code>');
    });
  }

  it('leaves other blocks alone', () => {
    expect(render('text', 'saved\n')).not.toContain('<svg role="img"');
    expect(render('ts', diagram)).not.toContain('<svg role="img"');
  });

  it('refuses a block of marble that is no diagram', () => {
    expect(() => render('marble', 'saved\n')).toThrowError('this is no marble diagram:\nsaved\n');
  });
});
