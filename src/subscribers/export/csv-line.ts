/**
 * A row of a CSV file (RFC 4180), without its line end. What a spreadsheet would take for a formula gets a
 * quote before it, so that a name can't do anything to whoever opens the list.
 */
export function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => quoted(guarded(cell))).join(",");
}

function guarded(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
