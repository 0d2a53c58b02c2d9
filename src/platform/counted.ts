/** A number as it is read: 2,318. */
export function counted(count: number): string {
  return count.toLocaleString("en");
}

/** So many of a thing: "1 reader", "2,318 readers". */
export function many(count: number, one: string, several = `${one}s`): string {
  return `${counted(count)} ${count === 1 ? one : several}`;
}
