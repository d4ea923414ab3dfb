import { rendererWith } from '../renderer-with';
import { drawMarbles } from './fence';

const diagram = 'one    --a--|\n';

describe('drawMarbles', () => {
  const render = async (language: string, text: string): Promise<string> =>
    (await rendererWith(drawMarbles)).render(`\`\`\`${language}\n${text}\`\`\`\n`);

  for (const language of ['', 'text', 'marble']) {
    it(`draws a diagram in a block ${language === '' ? 'without a language' : `of ${language}`}, and keeps its text`, async () => {
      const html = await render(language, diagram);

      expect(html).toContain('<svg role="img"');
      expect(html).toContain('<code>one    --a--|\n</code>');
    });
  }

  it('leaves other blocks alone', async () => {
    expect(await render('text', 'saved\n')).not.toContain('<svg role="img"');
    expect(await render('ts', diagram)).not.toContain('<svg role="img"');
  });

  it('refuses a block of marble that is no diagram', async () => {
    await expectAsync(render('marble', 'saved\n')).toBeRejectedWithError('this is no marble diagram:\nsaved\n');
  });
});
