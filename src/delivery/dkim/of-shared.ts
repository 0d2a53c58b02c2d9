/** What is shorter is looked at faster than looked up. */
const LONG = 4096;

/**
 * A look at a buffer that is taken once for each that is long: all messages of an issue share those, and nobody
 * writes into them.
 */
export function ofShared<Found>(look: (part: Buffer) => Found): (part: Buffer) => Found {
  const known = new WeakMap<Buffer, { readonly found: Found }>();
  return (part) => {
    if (part.length < LONG) return look(part);
    const before = known.get(part);
    if (before) return before.found;
    const found = look(part);
    known.set(part, { found });
    return found;
  };
}
