import { HttpErrorResponse } from '@angular/common/http';

import { errorText } from './error-text';

describe('errorText', () => {
  it("uses the server's own words", () => {
    const error = new HttpErrorResponse({ status: 503, error: { error: { status: 503, message: 'not today' } } });

    expect(errorText(error)).toBe('503: not today');
  });

  it('names the status where the server has no words', () => {
    const silent = '502: the server gave no reason';
    for (const body of [null, 'text', {}, { error: 'text' }, { error: { message: 1 } }]) {
      expect(errorText(new HttpErrorResponse({ status: 502, error: body }))).toBe(silent);
    }
  });

  it('says so when there is no server', () => {
    expect(errorText(new HttpErrorResponse({ status: 0 }))).toBe('the server cannot be reached');
  });

  it('has words for what is no answer at all', () => {
    expect(errorText(new TypeError('broken'))).toBe('broken');
    expect(errorText('broken')).toBe('broken');
  });
});
