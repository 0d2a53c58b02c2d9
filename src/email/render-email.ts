import { createHash } from "node:crypto";
import { type Digest, shownDigest } from "../digest/digest.ts";
import { BroadsheetError } from "../errors.ts";
import type { Email, Template } from "./email.ts";
import {
  expandTemplate,
  type Expanded,
  fillPlaceholders,
  fillWithMarks,
} from "./expand-template.ts";
import { themeFor } from "./theme.ts";
import { curl, wrapText } from "./typography.ts";
import { viewOf } from "./view.ts";

/**
 * Keeps what MJML made of a template, by a key that changes with everything it depends on. A cache
 * that has lost an entry answers undefined.
 */
export interface MjmlCache {
  get(key: string): Promise<string | undefined>;
  set(key: string, html: string): Promise<void>;
}

interface RenderOptions {
  readonly cache?: MjmlCache | undefined;
  /** Whether the texts and pictures of the HTML name the stories and fields that they show, for an editor. */
  readonly hasMarks?: boolean;
}

/**
 * The email of a digest: responsive HTML and a plain-text part drawn from the same model, without
 * a recipient. Merge fields stand as tokens (`Email.slots`) until a recipient fills them. The same
 * digest and template give the same characters. With a `cache`, an issue of a shape seen before is
 * rendered without MJML, whose import costs more than all the rest.
 * @throws BroadsheetError TEMPLATE_INVALID at the template's file and line; CONFIG_INVALID for an
 * accent colour that cannot be read on the paper; DIGEST_INVALID where every story is hidden.
 */
export async function renderEmail(
  digest: Digest,
  template: Template,
  { cache, hasMarks = false }: RenderOptions = {},
): Promise<Email> {
  const shown = shownDigest(digest);
  const theme = themeFor(template.theme, digest.language, digest.publication);
  const slots = slotsOf(digest);
  const view = await viewOf(shown, theme, slots);
  const expanded = await expandTemplate({ ...template, theme }, view);
  const key = createHash("sha256").update(`${RENDERER}\n${expanded.mjml}`).digest("hex");
  const kept = await cache?.get(key);
  const html = kept ?? (await renderWhole(expanded, template));
  if (kept === undefined) await cache?.set(key, html);
  return {
    subject: curl(digest.subject, digest.language),
    html: (hasMarks ? fillWithMarks : fillPlaceholders)(html, expanded.words),
    text: wrapText(expanded.text),
    slots,
  };
}

/** Loads what renders new shapes of issues, which takes longer than all the rest, before it is needed. */
export async function loadRenderer(): Promise<void> {
  const { loadMjml } = await import("./mjml/render-mjml.ts");
  await loadMjml();
}

/** Changes whenever the same MJML would give other HTML: with MJML's version, or `compact`. */
const RENDERER = "mjml 5.4.1, 6";

async function renderWhole(expanded: Expanded, template: Template): Promise<string> {
  const { renderMjml } = await import("./mjml/render-mjml.ts");
  const html = compact(await renderMjml(expanded.mjml, expanded.origins, template.html.file));
  assertWhole(html, expanded, template);
  return html;
}

/** Tokens from the digest's own hash, so that no article can contain one. */
function slotsOf({ $schema: _hint, ...digest }: Digest): Email["slots"] {
  const hash = createHash("sha256").update(canonicalJson(digest)).digest("hex").slice(0, 10);
  return {
    unsubscribeUrl: `slot-${hash}-unsubscribe-url`,
    ...(digest.hasPreferences && { preferencesUrl: `slot-${hash}-preferences-url` }),
    ...(digest.webUrl === undefined ? {} : { webUrl: `slot-${hash}-web-url` }),
  };
}

/** JSON that does not depend on the order in which fields were written (RFC 8785 §3.2.3). */
function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(",")}}`;
}

/**
 * MJML's indentation taken out: it costs bytes, and Gmail cuts a mail off at 102 KB. Line breaks stay: they mean nothing in HTML but everything in SMTP.
 */
function compact(html: string): string {
  return (
    withoutUnusedRules(html)
      // A column of the whole width has it inline.
      .replace(/(?:\.moz-text-html )?\.mj-column-per-100 \{[^}]*\}\s*/g, "")
      .replace(/<style[^>]*>\s*(?:@media[^{]*\{\s*\}\s*)?<\/style>\s*/g, "")
      .replace(/[ \t]*\n\s*/g, "\n")
      .replace(/<(\w+)\n/g, "<$1 ")
      .replace(/ {2,}(?=[a-z-]+=")/g, " ")
      .replace(/>\n</g, "><")
      .replace(/> {2,}</g, "> <")
      // MJML's own declarations, in one as ours are.
      .replace(/font-family:([^;"]+);font-size:(\d+px);line-height:(\d+px);/g, "font:$2/$3 $1;")
      // What a table is without them: mj-table writes them all the same.
      .replaceAll("table-layout:auto;width:100%;border:none;", "")
      .replace(/;"(?=[ >])/g, '"')
      .replace(/<!--\[if mso \| IE\]><!\[endif\]-->/g, "")
      .replace(/(?<=<\/style>|<\/title>|<\/head>|-->)(?=<)/g, "\n")
  );
}

/** A rule of the theme's style sheet with nothing but classes, among them those of webmail's own marks. */
const THEME_RULE = /(?<=[{}\n]|^)((?:(?:\[data-ogs[bc]\] )?\.[\w-]+,?)+)\{[^{}]*\}/g;
/** The classes that the theme's style sheet has rules for: those of a template of one's own are left alone. */
const THEME_CLASS =
  /^(?:[ptsc]-[\w-]+|half|one|two|cell|th|from|line|fo|fo-dot|tap|minutes|tap-line|num|what|person|brief-name|brief-what|edge-to-edge|row|lab|con|drop|when|beside|day|btn|solid|edge|answers|outlined|inset|note|lk)$/;

/** The style sheet without rules for what this issue doesn't use: they would be a third of it. */
function withoutUnusedRules(html: string): string {
  const used = new Set(
    [...html.matchAll(/ class="([^"]*)"/g)].flatMap(([, names = ""]) => names.split(/\s+/)),
  );
  const isUsed = (selector: string) => {
    const name = selector.replace(/^.*\./, "");
    return used.has(name) || !THEME_CLASS.test(name);
  };
  return html.replace(/<style[^>]*>[^]*?<\/style>/g, (sheet) =>
    sheet.replace(THEME_RULE, (rule, selectors: string) => {
      const kept = selectors.split(",").filter(isUsed);
      return kept.length > 0 ? rule.replace(selectors, kept.join(",")) : "";
    }),
  );
}

/**
 * MJML takes a stray `<` for the start of a tag and swallows what follows without an error, so the
 * result is asked for what it must hold.
 */
function assertWhole(html: string, { headlines, words }: Expanded, template: Template): void {
  const missing = headlines.find(
    (placeholders) => !placeholders.some((placeholder) => html.includes(placeholder)),
  );
  const leftover = /<\/?mj-[a-z-]+/.exec(html)?.[0];
  if (missing === undefined && leftover === undefined) return;
  const what =
    leftover === undefined
      ? `loses the story "${fillPlaceholders(missing?.[0] ?? "", words)}"`
      : `leaves ${leftover} in the HTML`;
  throw new BroadsheetError("TEMPLATE_INVALID", `"${template.name}" ${what}`, {
    where: { file: template.html.file },
    fix: "look for an unclosed tag or a stray < in the template or its partials",
  });
}
