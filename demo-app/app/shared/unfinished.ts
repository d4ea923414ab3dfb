import type { Verdict } from './verdict';

/** The verdict on a run that the user stopped. */
export const stopped: Verdict = {
  tone: 'stopped',
  headline: 'Stopped.',
  detail: 'The run was stopped and its active requests were cancelled, so there is no result.',
};

/** The verdict on a run that ended with an error. */
export const unfinished: Verdict = {
  tone: 'stopped',
  headline: 'Unfinished.',
  detail: "The run ended with an error before the server's report, so there is no result.",
};
