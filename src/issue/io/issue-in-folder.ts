import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Config } from "../../config/config.ts";
import type { Digest } from "../../digest/digest.ts";
import { parseEmailJson, digestHash } from "../../email/email-json.ts";
import type { IssueFiles } from "../../preview/issue-data.ts";
import { readDigest, renderAgain } from "./render-again.ts";
import { filesOf } from "./stored-files.ts";

/**
 * An issue in any folder, as it would be shown. Where its digest was edited since it was rendered it is
 * rendered again, but nothing is written: the folder may be somebody else's.
 * @throws BroadsheetError INPUT_MISSING, DIGEST_INVALID, CONTENT_TOO_LARGE, or what `renderAgain` throws.
 */
export async function issueInFolder(
  folder: string,
  config: Config,
): Promise<{ readonly digest: Digest; readonly files: IssueFiles }> {
  const file = path.join(folder, "digest.json");
  const digest = await readDigest(file, file);
  const files = await filesOf({ dir: folder, files: await namesIn(folder) });
  if ((await renderedFrom(folder)) === digestHash(files.get("digest.json") ?? ""))
    return { digest, files };
  return renderAgain(digest, config, { folder });
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
    .map((name) => name.replaceAll(path.sep, "/"));
}

/** The hash of the digest that the email was made of; undefined where there is no email. */
async function renderedFrom(folder: string): Promise<string | undefined> {
  const file = path.join(folder, "email.json");
  try {
    return parseEmailJson(await readFile(file, "utf8"), file).digest;
  } catch {
    return undefined;
  }
}
