import path from "node:path";
import type { Config } from "../config.ts";
import { parseDigest } from "../digest/digest.ts";
import { readIssue, writeIssue } from "../io/outbox/outbox.ts";
import { picturesOf } from "../preview/pictures-of.ts";
import type { IssueToSend } from "../io/sending/issue-to-send.ts";
import type { Terminal } from "./terminal.ts";

/**
 * An issue of the outbox as it is to be sent. Where its digest was edited since it was rendered, it is
 * rendered again first, in the outbox too, so that what is sent is what lies there.
 */
export async function issueToSend(
  name: string,
  config: Config,
  terminal: Terminal,
): Promise<IssueToSend> {
  const stored = await readIssue(config.outbox, config.slug, name);
  const digest = parseDigest(stored.digest, path.join(stored.dir, "digest.json"));
  const pictures = await picturesOf(digest, stored.dir);
  const { dir: folder } = stored;
  if (!stored.isEdited) return { digest, pictures, email: stored.email, folder };
  // Rendering is loaded only where it is needed: it takes longer than all the rest.
  const { renderAgain } = await import("../preview/render-again.ts");
  const built = await renderAgain(digest, config, { folder });
  await writeIssue(path.resolve(stored.dir, "../.."), digest.issue, built.files);
  terminal.note("The digest was edited since the issue was built: rendered it again");
  return { digest: built.digest, email: built.email, pictures, folder };
}
