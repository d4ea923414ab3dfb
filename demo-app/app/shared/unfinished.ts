import type { Verdict } from './verdict';

/** The verdict on a run that somebody stopped. */
export const stopped: Verdict = {
  tone: 'stopped',
  headline: 'Stopped.',
  detail: 'The run was stopped, and what was under way was cancelled: there is nothing to judge.',
};

/** The verdict on a run that an error has ended. */
export const unfinished: Verdict = {
  tone: 'stopped',
  headline: 'Unfinished.',
  detail: 'An error ended the run before the server had given its word: there is nothing to judge.',
};
