import { TestBed } from '@angular/core/testing';

import { CodePanel } from './code-panel';

describe('CodePanel', () => {
  const open = (code: string) => {
    const fixture = TestBed.createComponent(CodePanel);
    fixture.componentRef.setInput('heading', 'withLock');
    fixture.componentRef.setInput('code', code);
    fixture.detectChanges();
    const element = fixture.nativeElement as HTMLElement;
    return { fixture, element, shown: () => element.querySelector('pre')?.textContent };
  };

  it('shows the code, then highlights it', async () => {
    const { fixture, element, shown } = open('\nconst lock: Lock<1> = a && b;\n');
    expect(shown()).toBe('const lock: Lock<1> = a && b;');
    expect(element.querySelector('.hljs-keyword')).toBeNull();
    await fixture.whenStable();
    expect(shown()).toBe('const lock: Lock<1> = a && b;');

    expect(element.querySelector('.hljs-keyword')?.textContent).toBe('const');
  });

  it('shows code as text, not as HTML', async () => {
    const { fixture, element, shown } = open('f(`<b>bold</b>`);');
    expect(element.querySelector('b')).toBeNull();
    await fixture.whenStable();

    expect(shown()).toBe('f(`<b>bold</b>`);');
    expect(element.querySelector('b')).toBeNull();
  });

  it('copies the code, and says so for two seconds', async () => {
    const { fixture, element } = open('\nconst lock = 1;\n');
    await fixture.whenStable();
    const button = element.querySelector('button');
    const write = spyOn(navigator.clipboard, 'writeText').and.resolveTo();
    jasmine.clock().install();
    try {
      button?.click();
      await Promise.resolve();
      fixture.detectChanges();
      expect(write).toHaveBeenCalledOnceWith('const lock = 1;');
      expect(button?.textContent.trim()).toBe('Copied');
      jasmine.clock().tick(2_000);
      fixture.detectChanges();

      expect(button?.textContent.trim()).toBe('Copy');
    } finally {
      jasmine.clock().uninstall();
    }
  });
});
