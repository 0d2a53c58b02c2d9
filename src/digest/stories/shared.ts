/** How many of one set are in the other. */
export function common<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  const [fewer, more] = a.size < b.size ? [a, b] : [b, a];
  let count = 0;
  for (const one of fewer) if (more.has(one)) count++;
  return count;
}

/** What two sets share, of the smaller. */
export function overlap<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  return common(a, b) / Math.max(1, Math.min(a.size, b.size));
}

/** What two sets share, of both (Dice). */
export function alike<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  return (2 * common(a, b)) / Math.max(1, a.size + b.size);
}

/** How much of the first set is in the second. */
export function share<T>(part: ReadonlySet<T>, whole: ReadonlySet<T>): number {
  return common(part, whole) / Math.max(1, part.size);
}
