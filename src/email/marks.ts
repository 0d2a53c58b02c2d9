import { escapeHtml } from "../platform/references.ts";

/**
 * What of a digest a part of a view shows: a story by its id, and the field that holds the part, which is empty for the
 * whole story.
 */
export interface Source {
  readonly story?: string;
  readonly field?: string;
}

/** The key of a part's source. It is a symbol, so that templates do not see it. */
export const SOURCE = Symbol("source");

/** A part of a view that says what it shows. A part without a story is of the story around it. */
export interface Sourced {
  readonly [SOURCE]?: Source | undefined;
}

/** The source of a part that says it. */
export function ownSource(part: unknown, around: Source): Source | undefined {
  const isSourced = (one: unknown): one is Sourced =>
    typeof one === "object" && one !== null && SOURCE in one;
  const own = isSourced(part) ? part[SOURCE] : undefined;
  return own && { ...around, field: "", ...own };
}

/** The fields of a story by the names that texts have in its view. */
const OF_STORY: readonly (readonly [name: RegExp, field: string])[] = [
  [/^kicker$/, "article.kicker"],
  [/^(?:title|deskTitle)$/, "article.title"],
  [/^(?:short|contents|inset)Title$/, "short.headline"],
  [/^gist$/, "summary.gist"],
  [/^(?:shortGist|insetLine)$/, "short.gist"],
  [/^byline$/, "article.authors"],
  [/^(?:site|source\.(?:name|paper|link|credit|wholeStory))$/, "article.site"],
  // The words are a label, and what is edited there is where they lead.
  [/^source\.(?:readStory|readArticle)$/, "article.url"],
  [/^(?:keyPoints|leadPoints)\.(\d+)\.text$/, "keyPoint.$1"],
  [/^quote\.(text|speaker)$/, "summary.quote.$1"],
  [/^people\.(\d+)\.(name|role)$/, "summary.people.$1.$2"],
  [/^(?:picture|cover|thumbnail|half)\.src$/, "article.images"],
];

/** The same in other parts of a view, each behind the field of its part. */
const OF_PART: readonly (readonly [name: RegExp, field: string])[] = [
  [/^(summary\.timeline\.\d+)\.when$/, "$1.when"],
  [/^(summary\.timeline\.\d+)\.event$/, "$1.sentence"],
  [/^(summary\.figures\.\d+|modules\.number)\.(value|what)$/, "$1.$2"],
  [/^short\.headline\.title$/, "short.headline"],
  [/^heading\.heading$/, "heading"],
  [/^(letter\.blocks\.\d+)\..*\bhtml$/, "$1"],
  [/^letter\.(?:signature|role)$/, "letter.signature"],
  [/^modules\.sponsor\.paidFor$/, "modules.sponsor.name"],
  [/^(modules\.(?:quote|sponsor)\.(?:text|speaker|title|name|link))$/, "$1"],
  [/^(?:modules\.)?(closing|feedback\.question)$/, "modules.$1"],
];

/** The source of a text with a name in a part of a view; undefined where no field holds it. */
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

/** A text that is seen, in an element that names its source. Mail programs and style sheets know no such element. */
export function markedText(html: string, source: Source): string {
  return `<x-text${attributesOf(source)}>${html}</x-text>`;
}

/** The tag of a picture with the source that it shows. */
export function markedTag(tag: string, source: Source): string {
  return tag.replace(/^<img\b/, (name) => name + attributesOf(source));
}

const MARK =
  /<x-text data-story="[^"]*" data-field="[^"]*">|<\/x-text>|(?<=<img) data-story="[^"]*" data-field="[^"]*"/g;

/** HTML without its marks: byte for byte what is sent. */
export function withoutMarks(html: string): string {
  return html.replace(MARK, "");
}
