import { realpath } from "node:fs/promises";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import * as z from "zod";
import {
  type SentIssue,
  type SentIssues,
  sentIssue,
  type Site,
  type MissingIssue,
} from "../../archive/sent-issue.ts";
import { pictureOf, sentIssues, textsOf } from "../../delivery/io/ledger/issue-content.ts";
import { type Digest, digestSchema } from "../../digest/digest.ts";
import type { Email } from "../../email/email.ts";
import type { Picture } from "../../platform/picture.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Store } from "../../platform/database.ts";
import { type NewsletterStore, openStore } from "../../platform/store.ts";
import { digestOf, picturesOf, type Places, readIssue } from "./outbox.ts";
import { hashOf } from "./sending/load-issue.ts";
import { writeArchive, type Written } from "../../archive/io/write-archive.ts";
import type { Config } from "../../config/config.ts";
import { loadTemplate } from "../../email/io/load-template.ts";

type Home = NewsletterStore & Places;
type Row = Awaited<ReturnType<typeof sentIssues>>[number];

/** A sent issue, with pictures that the store does not have. */
interface Content {
  readonly digest: Digest;
  readonly email: Email;
  readonly pictures?: readonly Picture[];
}

/**
 * The sent issues in a newsletter's store. An older version may have stored no content. Then the issue is read from the
 * outbox if its files are still the sent ones. The caller closes it.
 */
export class StoredIssues implements SentIssues {
  readonly #store: Store;
  readonly #config: Home;
  /** A sent issue changes only by `--revise`, which gives it another hash. */
  readonly #known = new Map<string, { readonly hash: string; readonly issue: SentIssue }>();

  private constructor(store: Store, config: Home) {
    this.#store = store;
    this.#config = config;
  }

  /** @throws BroadsheetError STORE_*, LEDGER_RESTORED. */
  static async open(config: Home): Promise<StoredIssues> {
    return new StoredIssues(await openStore(config.store, { isLooking: true }), config);
  }

  async list(): ReturnType<SentIssues["list"]> {
    const issues: SentIssue[] = [];
    const missing = [];
    for (const row of await this.#rows()) {
      const found = await this.#issueIn(row);
      if (typeof found === "string") missing.push({ slot: row.slot, why: found });
      else issues.push(found);
    }
    return { issues: issues.sort(latestFirst), missing };
  }

  async email(slot: string): Promise<Email | undefined> {
    return (await this.#find(slot))?.email;
  }

  async picture(slot: string, name: string): Promise<Picture | undefined> {
    const kept = await pictureOf(this.#store, { newsletter: this.#config.slug, slot }, name);
    return kept ?? (await this.#find(slot))?.pictures?.find((picture) => picture.name === name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store.close();
  }

  async #rows(): Promise<Row[]> {
    return sentIssues(this.#store, this.#config.slug);
  }

  async #issueIn(row: Row): Promise<SentIssue | string> {
    const { slot, contentHash: hash, plannedAt: sentAt } = row;
    const known = this.#known.get(slot);
    if (known?.hash === hash) return known.issue;
    if (!sentAt) return "the store was restored from a backup and has only its name";
    // A server can answer other requests between two issues.
    await setImmediate();
    const content = await this.#contentOf(row);
    if (typeof content === "string") return content;
    const issue = sentIssue({ ...content, slot, sentAt });
    this.#known.set(slot, { hash, issue });
    return issue;
  }

  async #find(slot: string): Promise<Content | undefined> {
    const row = (await this.#rows()).find((row) => row.slot === slot);
    const content = row && (await this.#contentOf(row));
    return typeof content === "string" ? undefined : content;
  }

  /** Returns the sent content, or the reason why it is missing. */
  async #contentOf({ slot, contentHash }: Row): Promise<Content | string> {
    const { slug, outbox } = this.#config;
    const kept = await this.#kept(slot);
    if (kept) return kept;
    const nothing = "the store keeps nothing of it, and its files in the outbox are";
    try {
      const stored = await readIssue(outbox, slug, slot);
      const digest = digestOf(stored);
      const content = { email: stored.email, pictures: await picturesOf(digest, stored.dir) };
      const isSame = !stored.isEdited && hashOf(content) === contentHash;
      return isSame ? { digest, ...content } : `${nothing} no longer what was sent`;
    } catch (error) {
      if (error instanceof BroadsheetError) return `${nothing} gone`;
      throw error;
    }
  }

  async #kept(slot: string): Promise<Content | string | undefined> {
    try {
      const kept = await textsOf(this.#store, { newsletter: this.#config.slug, slot });
      return kept && { digest: digestSchema.parse(JSON.parse(kept.digest)), email: kept.email };
    } catch (error) {
      const isEmail = error instanceof BroadsheetError && error.code === "EMAIL_INVALID";
      if (!isEmail && !(error instanceof z.ZodError) && !(error instanceof SyntaxError))
        throw error;
      return "this version can't read what the store keeps of it";
    }
  }
}

function latestFirst(a: SentIssue, b: SentIssue): number {
  if (a.day !== b.day) return a.day < b.day ? 1 : -1;
  return b.sentAt.getTime() - a.sentAt.getTime() || (a.slot < b.slot ? 1 : -1);
}

/** The settings for the pages of the sent issues. */
export type SiteSettings = Pick<
  Config,
  | keyof Home
  | ("site" | "archive" | "language" | "modules" | "template" | "templates" | "folder" | "sources")
  | ("name" | "tagline" | "accent" | "accentDark" | "fonts")
>;

/**
 * Writes the sent issues as web pages into a folder.
 * @throws BroadsheetError ISSUE_MISSING if no issue was sent; CONFIG_INVALID without a site; USAGE if the folder contains the
 * newsletter's own files or is in a source; FILE_EXISTS, OUTPUT_UNWRITABLE, TEMPLATE_*, STORE_*, LEDGER_RESTORED.
 */
export async function publishArchive(
  config: SiteSettings,
  dir: string,
): Promise<Written & { readonly issues: number; readonly missing: readonly MissingIssue[] }> {
  const site = await siteOf(config);
  await refuseOwn(dir, config);
  await using sent = await StoredIssues.open(config);
  const { issues, missing } = await sent.list();
  if (issues.length === 0) {
    // An empty front page is useless and could replace an earlier one.
    const why = missing[0] ? `: of ${missing[0].slot} ${missing[0].why}` : "";
    const fix = "send one: broadsheet send latest";
    throw new BroadsheetError("ISSUE_MISSING", `there is no sent issue to show${why}`, { fix });
  }
  return { issues: issues.length, ...(await writeArchive(sent, site, dir)), missing };
}

/**
 * Returns the values that all pages share.
 * @throws BroadsheetError CONFIG_INVALID without a site; TEMPLATE_*.
 */
export async function siteOf(config: SiteSettings): Promise<Site> {
  const { site: url, template = "digest", templates, language = "en", modules } = config;
  if (url === undefined) {
    const what =
      "the pages need the address at which readers find them, and the config has no site";
    throw new BroadsheetError("CONFIG_INVALID", what, {
      fix: 'add it to the config, such as site: "https://letter.example"',
    });
  }
  const { theme } = await loadTemplate(template, templates);
  return { url, subscribe: modules?.subscribe, theme, publication: config, language };
}

async function refuseOwn(dir: string, settings: SiteSettings): Promise<void> {
  const what = await whyNotIn(await realPlace(dir), settings);
  if (what === undefined) return;
  throw new BroadsheetError("USAGE", what, {
    where: { file: dir },
    fix: "choose a folder for the pages alone, such as: --out public",
  });
}

/** A web server would show the newsletter's secrets and readers, and a build would read the pages as articles. */
async function whyNotIn(
  pages: string,
  { folder, outbox, store, sources }: SiteSettings,
): Promise<string | undefined> {
  const files = "file" in store ? [folder, outbox, store.file] : [folder, outbox];
  const own = await Promise.all(files.map(realPlace));
  if (own.some((place) => isWithin(place, pages)) || isWithin(pages, await realPlace(outbox)))
    return "this folder has the newsletter's own files in it, which are not for the web";
  // Sources with patterns are not examined, because the patterns may exclude the pages of the archive.
  const whole = sources.filter(({ include, exclude }) => include.length + exclude.length === 0);
  const read = await Promise.all(whole.map(async ({ from }) => realPlace(from)));
  return read.some((place) => isWithin(pages, place))
    ? "this folder is in a source of the newsletter, where the pages would be articles of the next issue"
    : undefined;
}

function isWithin(place: string, folder: string): boolean {
  const [first] = path.relative(folder, place).split(path.sep);
  return first !== "..";
}

/** Resolves the symbolic links of a path, as far as it exists. */
async function realPlace(place: string): Promise<string> {
  const real = await realpath(place).catch(() => undefined);
  return real ?? path.join(await realPlace(path.dirname(place)), path.basename(place));
}
