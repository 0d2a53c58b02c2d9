import type { Config } from "../../config.ts";
import { systemClock } from "../../io/clock.ts";
import type { SqliteLedger } from "../../io/sqlite/ledger/sqlite-ledger.ts";
import type { Terminal } from "../terminal.ts";
import { type PageFlag, writePageTo } from "../write-page-to.ts";
import { pastOf } from "./past.ts";
import { PAST_PAGE, pastPage } from "./past-page.ts";

/**
 * The page of what has become of a newsletter, into a file or to stdout.
 * @throws BroadsheetError FILE_EXISTS, OUTPUT_UNWRITABLE, STORE_*.
 */
export async function writePast(
  to: PageFlag,
  { ledger, config }: { readonly ledger: SqliteLedger; readonly config: Config },
  terminal: Terminal,
): Promise<void> {
  const html = pastPage(await pastOf(ledger, config, systemClock));
  await writePageTo(to, { html, mark: PAST_PAGE }, terminal);
}
