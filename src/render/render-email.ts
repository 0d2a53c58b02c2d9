import { createHash } from "node:crypto";
import type { Digest } from "../digest/digest.ts";
import { BroadsheetError } from "../errors.ts";
import { accentFor } from "./colour.ts";
import type { Email } from "./email.ts";
import { expandTemplate, restoreBraces } from "./expand-template.ts";
import { renderMjml } from "./mjml.ts";
import type { Template } from "./template.ts";
import { wrapText } from "./text-part.ts";
import { themeFor } from "./theme.ts";
import { viewOf, type View } from "./view.ts";

/**
 * The email of a digest: responsive HTML and a plain-text part drawn from the same model, addressed
 * to nobody. Merge fields stand as tokens (`Email.slots`) until a recipient fills them. The same
 * digest and template give the same characters.
 * @throws BroadsheetError TEMPLATE_INVALID at the template's file and line; CONFIG_INVALID for an
 * accent colour that cannot be read on the paper.
 */
export async function renderEmail(digest: Digest, template: Template): Promise<Email> {
  const { accent, accentDark } = digest.publication ?? {};
  const theme = themeFor(
    template.theme,
    digest.language,
    accentFor(template.theme, accent, accentDark),
  );
  const slots = slotsOf(digest);
  const view = viewOf(digest, theme, slots);
  const { mjml, origins, text } = expandTemplate({ ...template, theme }, view);
  const html = compact(restoreBraces(await renderMjml(mjml, origins)));
  assertWhole(html, view, template);
  return { subject: digest.subject, html, text: wrapText(text), slots };
}

/** Tokens from the digest's own hash, so that no article can contain one. */
function slotsOf(digest: Digest): Email["slots"] {
  const hash = createHash("sha256").update(canonicalJson(digest)).digest("hex").slice(0, 10);
  return {
    unsubscribeUrl: `slot-${hash}-unsubscribe-url`,
    ...(digest.webUrl === undefined ? {} : { webUrl: `slot-${hash}-web-url` }),
  };
}

/** JSON that does not depend on the order in which fields were written (RFC 8785 §3.2.3). */
function canonicalJson({ $schema: _hint, ...digest }: Digest): string {
  return JSON.stringify(digest, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/**
 * MJML's indentation and Handlebars' needless references taken out; both cost bytes, and Gmail cuts
 * a mail off at 102 KB. Line breaks stay: they mean nothing in HTML but everything in SMTP.
 */
function compact(html: string): string {
  return html
    .replaceAll("&#x3D;", "=")
    .replaceAll("&#x27;", "'")
    .replace(/[ \t]*\n\s*/g, "\n")
    .replace(/<(\w+)\n/g, "<$1 ")
    .replace(/ {2,}(?=[a-z-]+=")/g, " ")
    .replace(/>\n</g, "><")
    .replace(/<!--\[if mso \| IE\]><!\[endif\]-->/g, "")
    .replace(/(?<=<\/style>|<\/title>|<\/head>|-->)(?=<)/g, "\n");
}

/**
 * MJML takes a stray `<` for the start of a tag and swallows what follows without an error, so the
 * result is asked for what it must hold.
 */
function assertWhole(html: string, view: View, template: Template): void {
  const stories = [
    ...(view.lead ? [view.lead] : []),
    ...view.sections.flatMap(({ stories }) => stories),
  ];
  const missing = stories.find(({ title }) => !html.includes(escaped(title)));
  const leftover = /<\/?mj-[a-z-]+/.exec(html)?.[0];
  if (!missing && leftover === undefined) return;
  const what = missing ? `loses the story "${missing.title}"` : `leaves ${leftover} in the HTML`;
  throw new BroadsheetError("TEMPLATE_INVALID", `"${template.name}" ${what}`, {
    where: { file: template.html.file },
    fix: "look for an unclosed tag or a stray < in the template or its partials",
  });
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("`", "&#x60;")
    .replaceAll("{", "&#123;");
}
