/** Any value, for messages: there are objects that cannot be made a string, such as the namespace of a module. */
export function shown(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '[object Object]';
  }
}

/** A key in quotes, for messages. */
export function quoted(key: unknown): string {
  return `"${shown(key)}"`;
}
