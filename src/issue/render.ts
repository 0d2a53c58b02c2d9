import path from "node:path";
import type { Config } from "../config/config.ts";
import type { Digest } from "../digest/digest.ts";
import type { WrittenIssue } from "./build.ts";
import { writeIssue } from "./io/outbox/outbox.ts";
import { isElsewhere, placeIssue } from "./io/outbox/place-issue.ts";
import { readDigest, renderAgain } from "./io/render-again.ts";

interface FileOptions {
  /** What the file was named by. */
  readonly shown: string;
  /** Given where the files go into this outbox, wherever the digest lies. */
  readonly out?: string | undefined;
  readonly template?: string | undefined;
}

/**
 * Renders the digest in a file, edited or not, and writes the issue: beside the digest where it lies in the folder of
 * its issue, else into the outbox.
 * @throws BroadsheetError ISSUE_FROZEN where its sending has begun; what reading, rendering and writing throw.
 */
export async function renderFile(
  file: string,
  config: Config,
  { shown, out, template }: FileOptions,
): Promise<WrittenIssue> {
  const digest = await readDigest(file, shown);
  const folder = path.dirname(file);
  const built = await renderAgain(digest, config, { folder, template });
  const around = out ? undefined : outboxAround(folder, digest);
  const { issue } = built.digest;
  const isOwn = around === undefined || !(await isElsewhere(around, config));
  const written = isOwn
    ? await placeIssue(config, issue, built.files)
    : await writeIssue(around, issue, built.files);
  return { built, folder: written };
}

/** The outbox that a folder is in, where it is the folder of the digest's own issue. */
function outboxAround(folder: string, { issue }: Digest): string | undefined {
  const newsletter = path.dirname(folder);
  const isItsOwn =
    path.basename(folder) === issue.slot && path.basename(newsletter) === issue.newsletter;
  return isItsOwn ? path.dirname(newsletter) : undefined;
}
