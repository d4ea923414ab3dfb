/** How many sections a round runs of each. */
export const SECTIONS = { Lock: 20_000, 'navigator.locks.request': 300, WebLock: 300, WebSemaphore: 300 } as const;

export type WebLockContestant = keyof typeof SECTIONS;
