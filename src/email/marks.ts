import { escapeHtml } from "../platform/references.ts";

/**
 * The origin of a part of a view in the digest: the id of its story, and the field that contains the part. The field is
 * empty for the whole story.
 */
export interface Source {
  readonly story?: string;
  readonly field?: string;
}

/** The key of a part's source. It is a symbol, so that templates cannot see it. */
export const SOURCE = Symbol("source");

/** A part of a view with its source. A part without a story belongs to the story around it. */
export interface Sourced {
  readonly [SOURCE]?: Source | undefined;
}

/** Returns the own source of a part, if it has one. */
export function ownSource(part: unknown, around: Source): Source | undefined {
  const isSourced = (one: unknown): one is Sourced =>
    typeof one === "object" && one !== null && SOURCE in one;
  const own = isSourced(part) ? part[SOURCE] : undefined;
  return own && { ...around, field: "", ...own };
}

/** The fields of a story, by the names of texts in its view. */
const OF_STORY: readonly (readonly [name: RegExp, field: string])[] = [
  [/^kicker$/, "article.kicker"],
  [/^(?:title|deskTitle)$/, "article.title"],
  [/^(?:short|contents|inset)Title$/, "short.headline"],
  [/^gist$/, "summary.gist"],
  [/^(?:shortGist|insetLine)$/, "short.gist"],
  [/^byline$/, "article.authors"],
  [/^(?:site|source\.(?:name|paper|link|credit|wholeStory))$/, "article.site"],
  // The text is a label. The editor changes the address of the link.
  [/^source\.(?:readStory|readArticle)$/, "article.url"],
  [/^(?:keyPoints|leadPoints)\.(\d+)\.text$/, "keyPoint.$1"],
  [/^quote\.(text|speaker)$/, "summary.quote.$1"],
  [/^people\.(\d+)\.(name|role)$/, "summary.people.$1.$2"],
  [/^(?:picture|cover|thumbnail|half)\.src$/, "article.images"],
];

/** The fields of other parts of a view. Each name follows the field of its part. */
const OF_PART: readonly (readonly [name: RegExp, field: string])[] = [
  [/^(summary\.timeline\.\d+)\.when$/, "$1.when"],
  [/^(summary\.timeline\.\d+)\.event$/, "$1.sentence"],
  [/^(summary\.figures\.\d+)\.(value|what)$/, "$1.$2"],
  [/^short\.headline\.title$/, "short.headline"],
  [/^heading\.heading$/, "heading"],
  [/^(letter\.blocks\.\d+)\..*\bhtml$/, "$1"],
  [/^letter\.(?:signature|role)$/, "letter.signature"],
  [/^modules\.sponsor\.paidFor$/, "modules.sponsor.name"],
  // The views of modules have marks of quotation and sources too, which no field contains.
  [/^(modules\.\w+(?:\.(?:text|speaker|title|name|link|value|what|question))?)$/, "$1"],
  [/^(closing|feedback\.question)$/, "modules.$1"],
];

/** Returns the source of a text by its name in a part of a view. Undefined if no field contains the text. */
export function sourceOf(name: string, { story, field = "" }: Source): Source | undefined {
  const isStory = story !== undefined && field === "";
  const whole = field === "" ? name : `${field}.${name}`;
  const [pattern, path] = (isStory ? OF_STORY : OF_PART).find(([one]) => one.test(whole)) ?? [];
  if (!pattern || path === undefined) return undefined;
  return { ...(story !== undefined && { story }), field: whole.replace(pattern, path) };
}

function attributesOf({ story = "", field = "" }: Source): string {
  return ` data-story="${escapeHtml(story)}" data-field="${escapeHtml(field)}"`;
}

/** Returns a visible text in an element that names its source. Mail programs and style sheets do not know this element. */
export function markedText(html: string, source: Source): string {
  return `<x-text${attributesOf(source)}>${html}</x-text>`;
}

/** Returns the tag of a picture with its source. */
export function markedTag(tag: string, source: Source): string {
  return tag.replace(/^<img\b/, (name) => name + attributesOf(source));
}

const MARK =
  /<x-text data-story="[^"]*" data-field="[^"]*">|<\/x-text>|(?<=<img) data-story="[^"]*" data-field="[^"]*"/g;

/** Removes all marks from HTML. The result is exactly the HTML that is sent. */
export function withoutMarks(html: string): string {
  return html.replace(MARK, "");
}
