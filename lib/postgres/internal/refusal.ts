import { REFUSES } from '../../internal/remote/index.js';

/** Why a server, or what is in between, is refused for good. */
export class Refusal extends Error {}

/** The classes of errors that do not get better by waiting: features, data, names, rights, passwords and databases. */
const FOR_GOOD = /^(0A|22|23|25|26|28|3D|3F|42)/;

interface ServerError {
  readonly severity?: unknown;
  readonly code?: unknown;
}

/** Whether the server has said it. Errors of the network have codes, too. */
export function isOfServer(error: unknown): boolean {
  return (error as ServerError | undefined)?.severity !== undefined;
}

/** Whether it does not get better by waiting. */
export function isForGood(error: unknown): boolean {
  return error instanceof Refusal || (isOfServer(error) && FOR_GOOD.test(String((error as ServerError).code)));
}

/** What a caller that fails by it is told. */
export function reasonOf(error: unknown): string | undefined {
  if (error instanceof Refusal) {
    return error.message;
  }
  return isForGood(error) ? REFUSES : undefined;
}
