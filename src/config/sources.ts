import { folded, canonicalLink } from "../article/identity.ts";
import { type Complaint, duration, line, quote, withoutComplaint } from "../platform/setting.ts";
import path from "node:path";
import * as z from "zod";

const from = withoutComplaint(
  (value) => placeComplaint(value.trim()),
  (value) => value.trim(),
);

const pattern = withoutComplaint(patternComplaint, (value) => value.trim());
const patterns = z.union([pattern.transform((one) => [one]), z.array(pattern)]).default([]);

/** A place from which articles come, and the articles to take from it. */
const source = z
  .strictObject({
    from: from.meta({
      description:
        "A folder, a file, an export or OPML, relative to the config, or the address of a feed or a page.",
      example: "https://paper.example/feed.xml",
    }),
    limit: z.int().positive().optional().meta({
      description:
        "The most new articles of it in an issue. The latest are taken, and the others wait for the next issue.",
      example: 3,
    }),
    include: patterns.meta({
      description:
        'Only articles with one of these in the title or address: whole words in any case. `*` stands for any characters: "ferr*" finds ferry and ferries, "paper.example/sport*" a part of a site.',
      example: ["harbour", "ferr*"],
    }),
    exclude: patterns.meta({
      description: "No articles with one of these.",
      example: ["crossword"],
    }),
    tags: z
      .union([line.transform((tag) => [tag]), z.array(line)])
      .default([])
      .meta({
        description: "Tags added before those of its articles; `sections` may use them.",
        example: ["Harbours"],
      }),
    pin: z.boolean().default(false).meta({ description: "Its stories come first, after `pins`." }),
    weight: z.number().min(0.1).max(10).default(1).meta({
      description:
        "The weight of its news against that of other sources. Twice the weight counts as one day newer.",
      example: 2,
      since: "the next version",
    }),
    paused: z.boolean().default(false).meta({
      description: "Whether it is not collected for now. Its earlier articles stay known.",
      since: "the next version",
    }),
    allowPrivate: z.boolean().default(false).meta({
      description:
        "Whether it may be inside your network. Its links to other servers may not lead there.",
      since: "the next version",
    }),
  })
  .meta({
    id: "SourceSetting",
    description: "A source of new articles, and the articles to take from it.",
  });

/** The sources of new articles: places, with or without options. */
const sources = z
  .array(z.union([from.transform((place) => source.parse({ from: place })), source]))
  .check(({ value, issues }) => {
    if (value.length === 0) {
      issues.push(
        problem([], ["is empty", 'name a source, such as "content", or remove the line'], value),
      );
    }
    const first = new Map<string, number>();
    for (const [at, { from }] of value.entries()) {
      const same = first.get(nameOf(from));
      if (same === undefined) first.set(nameOf(from), at);
      else
        issues.push(
          problem([at], [`is the same place as "sources.${same}"`, "remove one of them"], value),
        );
    }
  });

type SourceSetting = z.output<typeof source>;

function problem(path: (string | number)[], [message, fix]: Complaint, input: unknown) {
  return { code: "custom", input, path, message, params: { fix } } as const;
}

const LINE_FIX = "name a folder, a file, or the address of a feed or a page";

function placeComplaint(place: string): Complaint | undefined {
  if (place === "") return ["is empty", LINE_FIX];
  if (/\p{Cc}/u.test(place)) return ["has a line break or a control character in it", LINE_FIX];
  if (place === "-") return ["is standard input, which a run doesn't have", LINE_FIX];
  const [, scheme] = /^([a-z][a-z\d+.-]+):/i.exec(place) ?? [];
  if (scheme === undefined) return undefined;
  if (!/^https?$/i.test(scheme)) return otherScheme(scheme);
  const url = URL.parse(place);
  if (!url) return [`is ${quote(place)}, which is not an address`, "check its spelling"];
  if (url.username || url.password)
    return ["holds a login", "take what stands before the @ out of it"];
  return undefined;
}

/** Browsers once used "feed:" for feeds (feed://paper.example/rss, feed:https://…). */
function otherScheme(scheme: string): Complaint {
  // It may contain a login.
  const says = `is at ${scheme}:, which is not on the web`;
  return scheme.toLowerCase() === "feed"
    ? [says, "begin it with https:// instead"]
    : [says, "give an address that begins with https://, or the name of a file or folder"];
}

function patternComplaint(text: string): Complaint | undefined {
  if (!LETTER.test(text))
    return [`is ${quote(text)}, which has no letter to look for`, PATTERN_FIX];
  if (REGULAR.test(text))
    return [`is ${quote(text)}, a regular expression, which is not looked for here`, PATTERN_FIX];
  return undefined;
}

const PATTERN_FIX = 'write words as they stand, with * for any ending: "harbour", "ferr*"';

/** The form in which two names of a place are compared. */
function nameOf(from: string): string {
  return /^https?:/i.test(from) ? canonicalLink(from) : path.normalize(from).replace(/[/\\]$/, "");
}

/** The articles that count as new, and the number of stories in an issue. */
export const sourceSettings = {
  sources: sources.optional().meta({
    description:
      "Where new articles come from: folders, files, documents, exports, OPML, feeds and pages. The content folder alone by default.",
    example: ["content", { from: "https://paper.example/feed.xml", limit: 3 }],
  }),
  content: line.default("content").meta({
    description: "Folder of the articles. Folders are relative to the config.",
    example: "stories",
  }),
  follow: z.boolean().default(true).meta({
    description: "Fetch the page of a feed's item if the feed contains only a part of it.",
  }),
  minItems: z.int().positive().default(1).meta({
    description: "The minimum number of stories in an issue; fewer wait for the next issue.",
    example: 3,
  }),
  maxItems: z.int().positive().optional().meta({
    description:
      "The maximum number of stories in an issue; the others wait. 20 by default if there are `sources`.",
    example: 12,
  }),
  window: duration.optional().meta({
    description:
      'The age before the last issue from which an article is too old: "14d" by default if there are `sources`. Before the first issue it counts from now. An article without a date is new once, and so is a page that a source names by its address.',
    example: "7d",
  }),
  edited: z.enum(["ignore", "again"]).default("ignore").meta({
    description:
      '"again": an article that was in an issue is new again when more than a typo changed.',
  }),
};

/** A place from which new articles come, and the articles to take from it. */
export interface Source extends Readonly<SourceSetting> {
  /** Its name in the store: the address, or the path as written in the config. */
  readonly name: string;
  /** An address, or an absolute path. */
  readonly from: string;
}

interface Given {
  readonly sources?: readonly SourceSetting[] | undefined;
  readonly content: string;
  readonly minItems: number;
  readonly maxItems?: number | undefined;
  readonly window?: number | undefined;
}

/** The default maximum age and number of articles from feeds, which no editor has chosen. */
const WINDOW_MS = 14 * 86_400_000;
const DEFAULT_MAX_ITEMS = 20;

/**
 * Determines the sources and the limits of an issue. A content folder is filled by hand and used completely. Other sources
 * have limits, so that a first issue does not contain the whole history of a feed.
 */
export function sourcesOf({ sources, content, minItems, ...given }: Given, folder: string) {
  const isOwn = sources === undefined;
  const { window = isOwn ? undefined : WINDOW_MS } = given;
  const { maxItems = isOwn ? undefined : Math.max(minItems, DEFAULT_MAX_ITEMS) } = given;
  return {
    sources: (sources ?? [contentSource(content)]).map((setting) => sourceOf(setting, folder)),
    ...(window !== undefined && { window }),
    ...(maxItems !== undefined && { maxItems }),
  };
}

function contentSource(from: string): SourceSetting {
  return { ...source.parse({ from: "content" }), from };
}

function sourceOf(setting: SourceSetting, folder: string): Source {
  return {
    ...setting,
    name: setting.from,
    from: /^https?:/i.test(setting.from) ? setting.from : path.resolve(folder, setting.from),
  };
}

/** Scripts without spaces, in which a word may begin and end anywhere. */
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const LETTER = /[\p{L}\p{M}\p{N}]/u;
/** Signs of a regular expression, in which the pattern would have another meaning. */
const REGULAR = /\\|\.[*+]|\(\?|\[\^|^\^|\$$/;

/** Whether a text contains certain words. */
export type WordPattern = (text: string) => boolean;

/** Finds whole words in any case. `*` matches any characters: "ferr*" finds ferries. */
export function wordPattern(words: string): WordPattern {
  const pattern = folded(words);
  const parts = pattern.split("*").filter((part) => part !== "");
  const begins = isEdge(pattern.at(0));
  const ends = isEdge(pattern.at(-1));
  return (text) => {
    const within = folded(text);
    let from = 0;
    for (const [index, part] of parts.entries()) {
      const edges = { begins: begins && index === 0, ends: ends && index === parts.length - 1 };
      const at = indexOf(part, within, from, edges);
      if (at < 0) return false;
      from = at + part.length;
    }
    return true;
  };
}

interface Edges {
  readonly begins: boolean;
  readonly ends: boolean;
}

function indexOf(part: string, text: string, from: number, { begins, ends }: Edges): number {
  for (let at = text.indexOf(part, from); at >= 0; at = text.indexOf(part, at + 1)) {
    const isCut =
      (begins && LETTER.test(text.slice(0, at).at(-1) ?? "")) ||
      (ends && LETTER.test(text.at(at + part.length) ?? ""));
    if (!isCut) return at;
  }
  return -1;
}

/** Whether a word must begin or end at this character. */
function isEdge(sign = ""): boolean {
  return LETTER.test(sign) && !SPACELESS.test(sign);
}
