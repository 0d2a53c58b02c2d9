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

/** A cache of MJML results, by a key of everything that they depend on. A missing entry gives undefined. */
export interface MjmlCache {
  get(key: string): Promise<string | undefined>;
  set(key: string, html: string): Promise<void>;
}

interface RenderOptions {
  readonly cache?: MjmlCache | undefined;
  /** Whether visible texts and pictures in the HTML name their story and field, for an editor. */
  readonly hasMarks?: boolean;
}

/**
 * Renders the email of a digest: responsive HTML and a plain-text part from the same model, without a recipient. Merge
 * fields are tokens (`Email.slots`) until they are filled for a recipient. The same digest and template give the same
 * characters. With a `cache`, an issue of a known shape is rendered without MJML, whose import takes longer than everything
 * else.
 * @throws BroadsheetError TEMPLATE_INVALID at the template's file and line; CONFIG_INVALID for an accent colour that cannot
 * be read on the paper; DIGEST_INVALID if every story is hidden.
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

/** Loads the renderer for new shapes in advance, because that takes longer than the rendering. */
export async function loadRenderer(): Promise<void> {
  const { loadMjml } = await import("./mjml/render-mjml.ts");
  await loadMjml();
}

/** Must be changed whenever the same MJML would give other HTML: with MJML's version, or with `compact`. */
const RENDERER = "mjml 5.4.1, 6";

async function renderWhole(expanded: Expanded, template: Template): Promise<string> {
  const { renderMjml } = await import("./mjml/render-mjml.ts");
  const html = compact(await renderMjml(expanded.mjml, expanded.origins, template.html.file));
  assertWhole(html, expanded, template);
  return html;
}

/** Returns tokens with the digest's own hash, so that no article can contain one. */
function slotsOf({ $schema: _hint, ...digest }: Digest): Email["slots"] {
  const hash = createHash("sha256").update(canonicalJson(digest)).digest("hex").slice(0, 10);
  return {
    unsubscribeUrl: `slot-${hash}-unsubscribe-url`,
    ...(digest.hasPreferences && { preferencesUrl: `slot-${hash}-preferences-url` }),
    ...(digest.webUrl === undefined ? {} : { webUrl: `slot-${hash}-web-url` }),
  };
}

/** Returns JSON that does not depend on the order of fields (RFC 8785 §3.2.3). */
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
 * Removes MJML's indentation, because Gmail cuts a mail at 102 KB. Line breaks remain: they have no meaning in HTML, but
 * SMTP limits the length of lines.
 */
function compact(html: string): string {
  return (
    withoutUnusedRules(html)
      // A column of full width has its width inline.
      .replace(/(?:\.moz-text-html )?\.mj-column-per-100 \{[^}]*\}\s*/g, "")
      .replace(/<style[^>]*>\s*(?:@media[^{]*\{\s*\}\s*)?<\/style>\s*/g, "")
      .replace(/[ \t]*\n\s*/g, "\n")
      .replace(/<(\w+)\n/g, "<$1 ")
      .replace(/ {2,}(?=[a-z-]+=")/g, " ")
      .replace(/>\n</g, "><")
      .replace(/> {2,}</g, "> <")
      // Combines MJML's own declarations into one, as ours are.
      .replace(/font-family:([^;"]+);font-size:(\d+px);line-height:(\d+px);/g, "font:$2/$3 $1;")
      // The default properties of a table, which mj-table writes anyway.
      .replaceAll("table-layout:auto;width:100%;border:none;", "")
      .replace(/;"(?=[ >])/g, '"')
      .replace(/<!--\[if mso \| IE\]><!\[endif\]-->/g, "")
      .replace(/(?<=<\/style>|<\/title>|<\/head>|-->)(?=<)/g, "\n")
  );
}

/** A rule of the theme's style sheet with only classes as selectors, including those for the marks of webmail. */
const THEME_RULE = /(?<=[{}\n]|^)((?:(?:\[data-ogs[bc]\] )?\.[\w-]+,?)+)\{[^{}]*\}/g;
/** The classes of the theme's style sheet. Classes of a user's own template are not touched. */
const THEME_CLASS =
  /^(?:[ptsc]-[\w-]+|half|one|two|cell|th|from|line|fo|fo-dot|tap|minutes|tap-line|num|what|person|brief-name|brief-what|edge-to-edge|row|lab|con|drop|when|beside|day|btn|solid|edge|answers|outlined|inset|note|lk)$/;

/** Removes rules that this issue does not use. They would be a third of the style sheet. */
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

/** Checks that the result is complete. MJML takes a stray `<` for a tag, and drops the text after it without an error. */
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
