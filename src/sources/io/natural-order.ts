/**
 * Compares names as people count: "2.md" before "10.md". By code point otherwise, so that an issue has
 * the same order on every machine, whatever its locale.
 */
export function naturalOrder(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  for (const [index, part] of left.entries()) {
    const difference = comparePart(part, right[index] ?? "");
    if (difference !== 0) return difference;
  }
  return left.length - right.length || comparePoints(a, b);
}

/** Runs of digits and runs of anything else, in turn. */
function parts(name: string): string[] {
  return name.match(/\d+|\D+/g) ?? [];
}

function comparePart(a: string, b: string): number {
  const isCount = /^\d/.test(a) && /^\d/.test(b);
  if (!isCount) return comparePoints(a, b);
  const left = a.replace(/^0+/, "");
  const right = b.replace(/^0+/, "");
  return left.length - right.length || comparePoints(left, right);
}

function comparePoints(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
