import { checkIssue } from "../review/review.ts";
import { type Digest, flatEntries, shownDigest } from "../digest/digest.ts";
import { loadTemplate, openMjmlCache } from "../email/io/load-template.ts";
import { renderEmail } from "../email/render-email.ts";
import { slotsOf, themeFor } from "../email/theme.ts";
import { templateFor, type TemplateSettings } from "./compose.ts";
import {
  type HostingSettings,
  type MailingSettings,
  sampleOf,
  withHostedPictures,
} from "./mailing.ts";
import type { CheckedIssue, EditedIssue, RenderedIssue } from "./stages.ts";

export type RenderSettings = MailingSettings & HostingSettings & TemplateSettings;

/**
 * Renders the email of an issue. The digest names the template, otherwise the config does.
 * @throws BroadsheetError TEMPLATE_INVALID, CONFIG_INVALID, EMAIL_INVALID.
 */
export async function render(issue: EditedIssue, config: RenderSettings): Promise<RenderedIssue> {
  const { digest, email, template } = await renderFrom(issue.digest, config);
  const slots = slotsOf(themeFor(template.theme, digest.language));
  const sample = sampleOf({ ...issue, digest, email }, config, { slots });
  return { ...issue, digest, email, sample };
}

/** Renders a digest and inserts the addresses of its pictures; `hasMarks` as for `renderEmail`. */
export async function renderFrom(given: Digest, config: RenderSettings, hasMarks = false) {
  const digest = withTemplate(given, config);
  const template = await loadTemplate(digest.template, config.templates);
  const rendered = await renderEmail(digest, template, { cache: openMjmlCache(), hasMarks });
  return { digest, template, email: withHostedPictures(rendered, config, digest) };
}

function withTemplate(
  digest: Digest,
  config: RenderSettings,
): Digest & { readonly template: string } {
  const stories = flatEntries(shownDigest(digest)).filter(
    ({ article }) => article.kind === "story",
  );
  const template = digest.template ?? config.template ?? templateFor(stories);
  return { ...digest, template };
}

/** Adds the findings of the rules to an issue. */
export async function check(issue: RenderedIssue): Promise<CheckedIssue> {
  return { ...issue, report: await checkIssue(issue.sample) };
}
