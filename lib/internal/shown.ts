/**
 * Any value, for messages. A string is quoted, so that `"3"` is not taken for a number; a function is named, since its text can be
 * long. There are objects that cannot be made a string, such as the namespace of a module.
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
