import { HttpErrorResponse } from '@angular/common/http';

import { errorText } from './error-text';

describe('errorText', () => {
  it("shows the server's message", () => {
    const error = new HttpErrorResponse({ status: 503, error: { error: { status: 503, message: 'not today' } } });

    expect(errorText(error)).toBe('503: not today');
  });

  it('shows the status if the server sent no message', () => {
    const silent = '502: the server gave no reason';
    for (const body of [null, 'text', {}, { error: 'text' }, { error: { message: 1 } }]) {
      expect(errorText(new HttpErrorResponse({ status: 502, error: body }))).toBe(silent);
    }
  });

  it('reports an unreachable server', () => {
    expect(errorText(new HttpErrorResponse({ status: 0 }))).toBe('the server cannot be reached');
  });

  it('shows any other error as text', () => {
    expect(errorText(new TypeError('broken'))).toBe('broken');
    expect(errorText('broken')).toBe('broken');
  });
});
