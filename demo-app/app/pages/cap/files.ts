/** The files that are uploaded, and how the requests of the page are called. */

export const fileCount = 16;
export const previewCount = 8;
/** Each file is sent in so many chunks, one after another. */
export const chunksOf = 4;
export const saveName = 'Save';

const weights = [1, 3, 2, 2] as const;
export const heaviest = Math.max(...weights);

/** The units that each chunk of a file takes. Three of four files are big. */
export function unitsOfFile(file: number): number {
  return weights[(file - 1) % weights.length] ?? 1;
}

export function nameOfFile(file: number): string {
  const units = unitsOfFile(file);
  return `file ${String(file)}${units === 1 ? '' : ` ×${String(units)}`}`;
}

export function nameOfPreview(preview: number): string {
  return `preview ${String(preview)}`;
}

/** The lane of a request. */
export function nameOf(request: string): string | undefined {
  const file = fileOf(request);
  if (file !== undefined) return nameOfFile(file);
  const preview = /^GET .*\/previews\/(\d+)$/.exec(request);
  if (preview !== null) return nameOfPreview(Number(preview[1]));
  return /^PUT .*\/profile$/.test(request) ? saveName : undefined;
}

/** The units that a request takes. */
export function unitsOf(request: string): number {
  const file = fileOf(request);
  return file === undefined ? 1 : unitsOfFile(file);
}

function fileOf(request: string): number | undefined {
  const found = /^PUT .*\/uploads\/(\d+)\/chunks\/\d+$/.exec(request);
  return found === null ? undefined : Number(found[1]);
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
