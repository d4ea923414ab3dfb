/** The key of the advisory lock of a name: the first 64 bits of its SHA-256. */
export async function keyOf(name: string): Promise<bigint> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(name));
  return new DataView(hash).getBigInt64(0);
}
