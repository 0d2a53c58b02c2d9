/** One figure of the table. */
export interface Row {
  readonly what: string;
  readonly must?: string;
  readonly ours: string;
  readonly beside?: string;
  /** The program that `beside` was measured on. */
  readonly other?: string;
}

export function printRows(rows: readonly Row[]): void {
  console.log(`\n${"".padEnd(36)}${"must".padEnd(11)}${"ours".padEnd(32)}beside it`);
  for (const { what, must = "", ours, beside, other } of rows) {
    const besideText = beside === undefined ? "" : `${beside}${other ? ` (${other})` : ""}`;
    console.log(`${what.padEnd(36)}${must.padEnd(11)}${ours.padEnd(32)}${besideText}`);
  }
}

export function asPercent(right: number, all: number): string {
  return all === 0 ? "-" : `${((right / all) * 100).toFixed(0)} %`;
}
