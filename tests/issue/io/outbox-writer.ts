/* A process of its own that writes issues: `node outbox-writer.ts OUTBOX BUILD COUNT BYTES`. */
import { writeIssue } from "../../../src/issue/io/outbox.ts";
import { BroadsheetError } from "../../../src/errors.ts";
import { filesOf, ISSUE } from "../../outbox-folder.ts";

const [outbox = "", build = "", count = "1", bytes = "0"] = process.argv.slice(2);

try {
  for (let number = 1; number <= Number(count); number++) {
    const files = filesOf(`${build}${number}`);
    await writeIssue(outbox, ISSUE, files.set("padding", "x".repeat(Number(bytes))));
    process.stdout.write(".");
  }
} catch (error) {
  if (!(error instanceof BroadsheetError)) throw error;
  const { code, message, fix } = error;
  process.stdout.write(JSON.stringify({ code, message, fix }));
}
