import {
  defer,
  firstValueFrom,
  type Observable,
} from 'rxjs';

import type { Tokens } from '../../../../backend/contract';

// Gives tokens other than those that failed. Looks
// first: another tab may have refreshed them.
export function renewed(
  failed: Tokens,
  refresh: (tokens: Tokens) => Observable<Tokens>,
): Observable<Tokens> {
  return defer(async () =>
    navigator.locks.request(
      'token-refresh',
      async () => {
        const stored = read();
        if (stored.access !== failed.access)
          return stored;
        const tokens = await firstValueFrom(
          refresh(stored),
        );
        write(tokens);
        return tokens;
      },
    ),
  );
}

export function read(): Tokens {
  return JSON.parse(
    localStorage.getItem('tokens') ?? '{}',
  ) as Tokens;
}

export function write(tokens: Tokens): void {
  localStorage.setItem(
    'tokens',
    JSON.stringify(tokens),
  );
}
