import { TestBed } from '@angular/core/testing';

import { Theme } from './theme';

describe('Theme', () => {
  const { style } = document.documentElement;
  beforeEach(() => {
    localStorage.removeItem('theme');
  });
  afterEach(() => {
    localStorage.removeItem('theme');
    style.colorScheme = '';
  });

  it('is that of the system, then light, then dark', () => {
    const theme = TestBed.inject(Theme);
    const shown = () => {
      TestBed.tick();
      return [theme.name(), style.colorScheme];
    };

    expect(shown()).toEqual(['system', 'light dark']);
    theme.next();
    expect(shown()).toEqual(['light', 'light']);
    theme.next();
    expect(shown()).toEqual(['dark', 'dark']);
    theme.next();
    expect(shown()).toEqual(['system', 'light dark']);
  });

  it('is remembered', () => {
    TestBed.inject(Theme).next();
    TestBed.tick();
    TestBed.resetTestingModule();

    expect(TestBed.inject(Theme).name()).toBe('light');
  });

  it('ignores an unknown memory', () => {
    localStorage.setItem('theme', 'pink');

    expect(TestBed.inject(Theme).name()).toBe('system');
  });
});
