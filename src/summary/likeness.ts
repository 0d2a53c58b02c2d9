/** The share of the shorter text's terms that the other has too. */
export function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [short, long] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const term of short) if (long.has(term)) shared++;
  return shared / Math.max(1, short.size);
}
