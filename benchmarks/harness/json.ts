/** Figures as JSON, with four significant digits. */
export function asJson(figures: unknown): string {
  const rounded = (_key: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
  const small = /\{[^{}]*"median"[^{}]*\}|\[[^[\]{}]*\]/g;
  const oneLineEach = JSON.stringify(figures, rounded, 1).replace(small, (text) => text.replace(/\s+/g, ' '));
  return `${oneLineEach}\n`;
}
