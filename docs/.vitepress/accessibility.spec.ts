import MarkdownIt from 'markdown-it';

import { leaveOutEmptyHeaders } from './accessibility';

describe('leaveOutEmptyHeaders', () => {
  it('makes a cell of an empty header, and keeps the others', () => {
    const html = new MarkdownIt().use(leaveOutEmptyHeaders).render('| | state |\n|---|---|\n| lock | |\n');

    expect(html.match(/<t[hd][^>]*>[^<]*<\/t[hd]>/g)).toEqual(['<td></td>', '<th>state</th>', '<td>lock</td>', '<td></td>']);
  });
});
