/** The documents. The server knows them by their places in this list, from 1 on. */
const documents = ['letter', 'report', 'notes', 'plan'] as const;

/** Which document is edited, every 80 ms. */
const script: readonly string[] = [0, 1, 2, 3, 0, 1, 0, 2, 1, 0, 3, 0, 1, 2].map((index) => documents[index] ?? '');
export const pace = 80;

export interface DocumentEdit {
  readonly document: string;
  /** Counts the edits of the document, from 1 on. */
  readonly number: number;
}

/** All edits, in the order in which they are made. */
export const edits: readonly DocumentEdit[] = script.map((document, index) => ({
  document,
  number: script.slice(0, index + 1).filter((each) => each === document).length,
}));

export function nameOfEdit({ document, number }: DocumentEdit): string {
  return `${document} ${String(number)}`;
}

export function pathOf({ document, number }: DocumentEdit): string {
  const place = documents.findIndex((each) => each === document) + 1;
  return `/documents/${String(place)}/edits/${String(number)}`;
}

/** The edit that a request saves. */
export function editIn(request: string): DocumentEdit | undefined {
  const found = /^PUT .*\/documents\/(\d+)\/edits\/(\d+)$/.exec(request);
  const document = documents[Number(found?.[1]) - 1];
  return document === undefined ? undefined : { document, number: Number(found?.[2]) };
}

/** The lanes, by document. */
export const lanes: readonly string[] = documents.flatMap((document) =>
  edits.filter((edit) => edit.document === document).map(nameOfEdit),
);
