import { expect, test } from "vitest";
import type { ImportedRow } from "../../../src/subscribers/import/read-row.ts";
import { columnsOf, rowsOf } from "../../../src/subscribers/io/row-columns.ts";

test("all that a row may say gets from one thread to another", () => {
  const rows: readonly Required<ImportedRow>[] = [
    {
      address: "mara@harbour.example",
      name: "Mara Quill",
      language: "de-AT",
      tags: ["harbour", "news"],
      consent: { how: "at the fair", at: new Date("2025-01-02T03:04:05Z") },
      subscribedAt: new Date("2025-03-01T08:30:00Z"),
      suppressed: "bounced",
    },
  ];
  const bare: ImportedRow = { address: "jory@quay.example", tags: [] };
  expect(rowsOf(structuredClone(columnsOf([...rows, bare])))).toEqual([...rows, bare]);
});
