/**
 * The text of any value, for messages. A string is quoted, so that `"3"` is not taken for a number. A function is
 * named, because its text can be long. Some objects cannot be converted to a string, such as the namespace of a module.
 */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return `"${value}"`;
  }
  if (typeof value === 'function') {
    return `the function ${value.name}`;
  }
  try {
    return String(value);
  } catch {
    return '[object Object]';
  }
}
