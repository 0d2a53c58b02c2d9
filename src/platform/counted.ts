/** A number as it is read: 2,318. */
export function counted(count: number): string {
  return count.toLocaleString("en");
}

/** How many, and of how many. */
export function readers(count: number): string {
  return `${counted(count)} ${count === 1 ? "reader" : "readers"}`;
}
