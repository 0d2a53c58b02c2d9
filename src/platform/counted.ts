/** A number as it is read: 2,318. */
export function counted(count: number): string {
  return count.toLocaleString("en");
}
