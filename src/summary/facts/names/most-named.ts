/** The names counted most, at most so many; those counted alike in the order they were counted. */
export function mostNamed(named: ReadonlyMap<string, number>, most: number): readonly string[] {
  return [...named]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([name]) => name);
}
