import { AsyncPipe } from '@angular/common';
import { HttpClient, HttpResponse, provideHttpClient, withInterceptors } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, InjectionToken, signal } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { TestBed } from '@angular/core/testing';
import { of, retry, Subject, switchMap, throwError } from 'rxjs';
import { Lock, Semaphore } from 'rxjs-locks';
import { limitRequests } from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';

const LOCK = new InjectionToken('LOCK', { providedIn: 'root', factory: () => new Lock() });
const SLOTS = new InjectionToken('SLOTS', { providedIn: 'root', factory: () => new Semaphore(1) });

@Component({
  selector: 'app-idioms',
  imports: [AsyncPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button type="button" [disabled]="state().locked">Save</button>
    <p>{{ (lock | async)?.waiting }}</p>
  `,
})
class Page {
  readonly lock = TestBed.inject(LOCK);
  readonly state = toSignal(this.lock, { requireSync: true });
  readonly got = signal(false);

  constructor() {
    this.lock
      .acquire()
      .pipe(takeUntilDestroyed())
      .subscribe(() => {
        this.got.set(true);
      });
  }
}

/** The idioms that docs/angular.md describes, in a page. */
describe('A lock in a page', () => {
  it('disables a button, and shows its waiters', async () => {
    const lock = TestBed.inject(LOCK);
    const permit = lock.tryAcquire();
    const fixture = TestBed.createComponent(Page);
    const page = fixture.nativeElement as HTMLElement;
    await fixture.whenStable();
    expect(page.querySelector('button')?.disabled).toBe(true);
    expect(page.querySelector('p')?.textContent).toBe('1');
    permit?.release();
    expect(fixture.componentInstance.got()).toBe(true);
    lock.release();
    await fixture.whenStable();
    expect(page.querySelector('button')?.disabled).toBe(false);
    expect(page.querySelector('p')?.textContent).toBe('0');
  });

  it('is not waited for by a page that is destroyed', () => {
    const lock = TestBed.inject(LOCK);
    const permit = lock.tryAcquire();
    const fixture = TestBed.createComponent(Page);
    expect(lock.waiting).toBe(1);
    fixture.destroy();
    expect(lock.waiting).toBe(0);
    permit?.release();
    verifyIdle(lock);
  });

  it('is not held through the back-off of a retry outside of the limiter', () => {
    let attempts = 0;
    const backOff = new Subject<void>();
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(
          withInterceptors([
            limitRequests(SLOTS),
            () => (attempts++ === 0 ? throwError(() => new Error('busy')) : of(new HttpResponse({ body: 'answer' }))),
          ]),
        ),
      ],
    });
    const answers: unknown[] = [];
    TestBed.inject(HttpClient)
      .get('/1')
      .pipe(retry({ delay: () => backOff.pipe(switchMap(() => of(true))) }))
      .subscribe((answer) => answers.push(answer));
    expect(attempts).toBe(1);
    verifyIdle(TestBed.inject(SLOTS));
    backOff.next();
    expect(answers).toEqual(['answer']);
    verifyIdle(TestBed.inject(SLOTS));
  });
});
