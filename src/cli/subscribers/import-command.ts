import type { Command } from "commander";
import { FIELDS, type Field } from "../../subscribers/import/columns.ts";
import { BroadsheetError, nearest } from "../../errors.ts";
import { commonFlags, configFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import type { ImportFlags } from "./run-import.ts";
import { parseConsent, parseLanguage, parseReason, parseTag, repeated } from "./values.ts";

/** `subscribers import` */
export function importCommand(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .argument("<FILE>", "a list as CSV or JSON, or - for the standard input")
    .option("--column <FIELD=NAME>", COLUMN_HELP, repeated(parseColumn))
    .option(
      "--tag <TAG>",
      "a tag for everybody in the list; may be given again",
      repeated(parseTag),
    )
    .option("--language <LANGUAGE>", "of those for whom the list has none", parseLanguage)
    .option("--consent <HOW>", "how they came to want it, where the list doesn't say", parseConsent)
    .option(
      "--as <REASON>",
      "nobody in it wants more: unsubscribed, bounced, complained",
      parseReason,
    )
    .option("--encoding <NAME>", "of a list that isn't UTF-8, such as windows-1252")
    .option("--rejects <FILE>", "for the rows that can't be taken (default: beside the list)")
    .option("--dry-run", "read the list, say what is wrong with it, and change nothing")
    .option("--strict", "leave with 65 where a row can't be taken")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, flags: ImportFlags) => {
      const { runImport } = await import("./run-import.ts");
      await runImport(file, flags, terminal);
    });
}

const COLUMN_HELP = "what a column is, where that isn't guessed: address, name, language, tags, …";

const EXAMPLES = `
Columns are known by their headings in the exports of Mailchimp, Ghost, Substack, Beehiiv, Kit, Buttondown
and listmonk. Whoever is marked there as gone is put on the suppression list, and whoever has unsubscribed
here or was erased stays out, whatever a list says. A list that is imported again changes nothing.

Examples:
  broadsheet subscribers import readers.csv --dry-run
  broadsheet subscribers import readers.csv --consent "form on the front page" --tag harbour
  broadsheet subscribers import export.csv --column address=Kontakt --column name=
  broadsheet subscribers import unsubscribed.csv --as unsubscribed`;

/** `address=Kontakt`; nothing after the sign means that no column is. */
function parseColumn(value: string): readonly [Field, string] {
  const [name = "", ...heading] = value.split("=");
  const field = FIELDS.find((field) => field.toLowerCase() === name.trim().toLowerCase());
  if (field && heading.length > 0) return [field, heading.join("=").trim()];
  const near = nearest(name, FIELDS);
  throw new BroadsheetError("USAGE", `--column ${JSON.stringify(value)} says nothing`, {
    fix:
      field || near === undefined
        ? `write --column address=NAME; there are ${FIELDS.join(", ")}`
        : `did you mean --column ${near}=${heading.join("=") || "NAME"}?`,
  });
}
