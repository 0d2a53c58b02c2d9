import path from "node:path";
import type { Site, MissingIssue } from "../../archive/sent-issue.ts";
import { writeArchive, type Written } from "../../archive/io/write-archive.ts";
import type { Config } from "../../config/config.ts";
import { loadTemplate } from "../../email/io/load-template.ts";
import { BroadsheetError } from "../../errors.ts";
import { StoredIssues } from "./sent-issues.ts";

/** The settings that the pages of the sent issues need. */
export type SiteSettings = Pick<
  Config,
  | ("site" | "archive" | "language" | "modules" | "template" | "templates" | "folder")
  | ("name" | "tagline" | "accent" | "accentDark" | "fonts" | "store" | "slug" | "outbox")
>;

/**
 * Writes the sent issues as web pages into a folder.
 * @throws BroadsheetError ISSUE_MISSING where no issue was sent; CONFIG_INVALID without a site; USAGE for a folder that has
 * the newsletter's own files in it; FILE_EXISTS, OUTPUT_UNWRITABLE, TEMPLATE_*, STORE_*, LEDGER_RESTORED.
 */
export async function publishArchive(
  config: SiteSettings,
  dir: string,
): Promise<Written & { readonly issues: number; readonly missing: readonly MissingIssue[] }> {
  const site = await siteOf(config);
  refuseOwn(dir, config);
  using sent = new StoredIssues(config);
  const { issues, missing } = await sent.list();
  if (issues.length === 0) {
    // An empty front page is no use, and an earlier one may stand there.
    const why = missing[0] ? `: of ${missing[0].slot} ${missing[0].why}` : "";
    const fix = "send one: broadsheet send latest";
    throw new BroadsheetError("ISSUE_MISSING", `there is no sent issue to show${why}`, { fix });
  }
  return { issues: issues.length, ...(await writeArchive(sent, site, dir)), missing };
}

/** What the pages have in common. @throws BroadsheetError CONFIG_INVALID without a site; TEMPLATE_*. */
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

/** A web server would show the secrets and the readers of the newsletter. */
function refuseOwn(dir: string, { folder, outbox, store }: SiteSettings): void {
  const own = [folder, outbox, store].find((place) => !path.relative(dir, place).startsWith(".."));
  if (own === undefined) return;
  throw new BroadsheetError(
    "USAGE",
    "this folder has the newsletter's own files in it, which are not for the web",
    {
      where: { file: dir },
      fix: "choose a folder for the pages alone, such as: --out public",
    },
  );
}
