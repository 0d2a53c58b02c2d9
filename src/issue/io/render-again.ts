import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Config } from "../../config/config.ts";
import { type Digest, parseDigest, flatEntries, shownDigest } from "../../digest/digest.ts";
import { BroadsheetError } from "../../errors.ts";
import { errnoReason } from "../../platform/file-error.ts";
import { openMjmlCache } from "../../email/io/mjml-cache.ts";
import { loadTemplate } from "../../email/io/load-template.ts";
import { parseEmailJson } from "../../email/email-json.ts";
import type { Picture } from "../../email/email.ts";
import { type BuiltIssue, renderIssue, templateFor, withPreview } from "../issue-files.ts";
import { picturesOf } from "../pictures/io/pictures-of.ts";

/**
 * The digest in a file, every field checked.
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE, DIGEST_INVALID.
 */
export async function readDigest(file: string, shown: string): Promise<Digest> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const isMissing = cause.code === "ENOENT" || cause.code === "ENOTDIR";
    throw isMissing
      ? new BroadsheetError("INPUT_MISSING", `there is no ${shown}`, {
          fix: "build an issue first, and give the digest.json in its folder",
          cause,
        })
      : new BroadsheetError("INPUT_UNREADABLE", `${shown} can't be read: ${errnoReason(cause)}`, {
          fix: "give the digest.json in an issue's folder",
          cause,
        });
  });
  return parseDigest(text, shown);
}

interface AgainOptions {
  /** The issue's own, with its pictures. */
  readonly folder: string;
  readonly template?: string | undefined;
}

/**
 * The files of an issue again, from its digest. The digest names the template it was made with;
 * `template` wins over it.
 */
export async function renderAgain(
  digest: Digest,
  config: Config,
  { folder, template }: AgainOptions,
): Promise<BuiltIssue> {
  const [pictures, built] = await Promise.all([picturesOf(digest, folder), builtIn(folder)]);
  return renderWith(digest, config, { pictures, built, template });
}

/** The same where its pictures are at hand; `built` is the hash of the digest that was built. */
export async function renderWith(
  digest: Digest,
  config: Config,
  {
    pictures,
    built,
    template,
  }: {
    readonly pictures: readonly Picture[];
    readonly built?: string | undefined;
    readonly template?: string | undefined;
  },
): Promise<BuiltIssue> {
  const articles = flatEntries(shownDigest(digest)).map(({ article }) => article);
  const name = template ?? digest.template ?? config.template ?? templateFor(articles);
  const loaded = await loadTemplate(name, config.templates);
  const rendering = { config, template: loaded, pictures, cache: openMjmlCache(), built };
  return withPreview(await renderIssue({ ...digest, template: name }, rendering));
}

/** What the issue in a folder was built from; nothing where that can't be told. */
async function builtIn(folder: string): Promise<string | undefined> {
  const file = path.join(folder, "email.json");
  try {
    return parseEmailJson(await readFile(file, "utf8"), file).built;
  } catch {
    return undefined;
  }
}
