import { leaveOutEmptyHeaders } from './accessibility';
import { rendererWith } from './renderer-with';

describe('leaveOutEmptyHeaders', () => {
  it('makes a cell of an empty header, and keeps the others', async () => {
    const html = (await rendererWith(leaveOutEmptyHeaders)).render('| | state |\n|---|---|\n| lock | |\n');

    expect(html.match(/<t[hd][^>]*>[^<]*<\/t[hd]>/g)).toEqual(['<td></td>', '<th>state</th>', '<td>lock</td>', '<td></td>']);
  });
});
