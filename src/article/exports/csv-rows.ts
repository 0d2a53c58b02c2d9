import { createRequire } from "node:module";
import type * as CsvParse from "csv-parse/sync";
import { BroadsheetError } from "../../errors.ts";
import type { Source } from "../article.ts";
import type { Fields } from "../front-matter.ts";

/**
 * The rows of a CSV file (RFC 4180) by the names in its first line, in small letters. Commas, semicolons and tabs part cells: the first line tells which.
 * @throws BroadsheetError CONTENT_UNSUPPORTED, with the line, where a quote is left open
 */
export function csvRows({ body, location }: Source): Fields[] {
  const { parse }: typeof CsvParse = createRequire(import.meta.url)("csv-parse/sync");
  try {
    const [names = [], ...cells]: string[][] = parse(body, {
      bom: true,
      delimiter: delimiterOf(body),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    });
    const keys = names.map((name) => name.trim().toLowerCase());
    return cells.map((row) => new Map(keys.map((key, index) => [key, row[index] ?? ""])));
  } catch (cause) {
    throw brokenCsv(location, cause);
  }
}

function delimiterOf(body: string): string {
  const [header = ""] = body.split(/\r?\n|\r/, 1);
  const counts = [",", ";", "\t"].map((mark) => ({ mark, count: header.split(mark).length }));
  return counts.sort((a, b) => b.count - a.count)[0]?.mark ?? ",";
}

function brokenCsv(location: string, cause: unknown): BroadsheetError {
  const line =
    typeof cause === "object" && cause !== null && "lines" in cause
      ? Number(cause.lines)
      : undefined;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `${location} is not a CSV file that can be read: ${reason}`,
    {
      where: { file: location, ...(line === undefined || Number.isNaN(line) ? {} : { line }) },
      fix: "export it again, and do not edit it in a spreadsheet in between",
      cause,
    },
  );
}
