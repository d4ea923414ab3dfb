import { pageIn } from './texts-for-models';

describe('pageIn', () => {
  it('finds the title, and the first sentence of the first paragraph', () => {
    const { title, lead } = pageIn('tabs.md', '# Across tabs\n\n```ts\nnew WebLock();\n```\n\nOne lock. For all\ntabs.\n');

    expect(title).toBe('Across tabs');
    expect(lead).toBe('One lock.');
  });

  it('joins the lines of the sentence', () => {
    expect(pageIn('tabs.md', '# Tabs\n\nOne lock for all\ntabs of v1.0: it is shared.\n').lead).toBe(
      'One lock for all tabs of v1.0:',
    );
  });

  it('leaves out what only the site understands', () => {
    expect(
      pageIn('demo.md', '---\nlayout: page\n---\n\n<main class="wide">\n\n# The demo\n\n<Demo />\n\nText.\n\n</main>\n').text,
    ).toBe('# The demo\n\nText.\n');
  });

  it('is called by its path if it has no title', () => {
    expect(pageIn('index.md', '---\nlayout: home\n---\n')).toEqual({ path: 'index.md', title: 'index.md', lead: '', text: '\n' });
  });
});
