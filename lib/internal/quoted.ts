/** A key in quotes, for messages: there are objects that cannot be made a string. */
export function quoted(key: unknown): string {
  try {
    return `"${String(key)}"`;
  } catch {
    return '"[object Object]"';
  }
}
