import data from "../support/caniemail.json" with { type: "json" };
import type { HtmlDocument } from "../html-document.ts";
import { type Fault, htmlRule, type Rule } from "../rule.ts";
import { type Audience, audienceOf } from "../settings.ts";
import { tracesOf, type Usage, type Use, usageOf } from "../support/usage.ts";

/** A feature of HTML, CSS or pictures, as tested by caniemail.com. */
export interface Feature {
  /** `html-video`, `css-at-media` */
  readonly slug: string;
  /** `<video> element`, `@media` */
  readonly title: string;
  readonly url: string;
  /** The result of the newest tested version of a client, such as `gmail.ios`. */
  supportIn(client: string): Support;
}

interface Support {
  readonly level: "yes" | "partly" | "no" | "unknown";
  /** The restriction, in the words of caniemail.com. */
  readonly note?: string | undefined;
}

/** The date of the data, YYYY-MM-DD. */
export const SUPPORT_DATE = data.date;

const CLIENTS: ReadonlyMap<string, { readonly name: string; readonly column: number }> = new Map(
  data.clients.map(({ client, name }, column) => [client, { name, column }]),
);

export const FEATURES: ReadonlyMap<string, Feature> = new Map(
  data.features.map(({ slug, title, support, notes }) => {
    const columns = support.split(" ");
    const url = `https://www.caniemail.com/features/${slug}/`;
    const supportIn = (client: string) =>
      supportOf(columns[CLIENTS.get(client)?.column ?? -1] ?? "", notes);
    return [slug, { slug, title, url, supportIn }];
  }),
);

/** All tested clients: family and platform, such as `gmail.ios`. */
export function testedClients(): string[] {
  return [...CLIENTS.keys()];
}

/** The name of a client: "Gmail on Android". */
export function clientName(client: string): string {
  return CLIENTS.get(client)?.name ?? client;
}

/** Parses a value such as `a2`: the letter is the degree of support, the number refers to a note. */
function supportOf(value: string, notes: readonly string[]): Support {
  const level = LEVELS.get(value.charAt(0)) ?? "unknown";
  const note = notes[Number(value.slice(1)) - 1];
  return note === undefined ? { level } : { level, note };
}

const LEVELS: ReadonlyMap<string, Support["level"]> = new Map([
  ["y", "yes"],
  ["a", "partly"],
  ["n", "no"],
]);

/** If fewer readers are affected, the finding is only a note. */
const LEAST_REACH = 0.03;

/** The maximum number of clients named in a message. */
const MOST_CLIENTS = 3;
const MOST_FEATURES = 6;

export const SUPPORT_RULES: readonly Rule[] = [
  htmlRule({
    id: "client-support",
    severity: "warning",
    what: "The readers' mail programs support the HTML and CSS of the email, or show an acceptable substitute",
    source: `https://www.caniemail.com, as of ${SUPPORT_DATE}`,
    fix: "remove it, or replace it with something that these mail programs support",
    run: (html, { audience = audienceOf() }) => {
      const gaps = gapsOf(html, audience);
      return [
        ...gaps.filter(isHarmful).map(faultOf),
        ...together(
          gaps.filter((gap) => gap.level === "no" && !isHarmful(gap)),
          HARMLESS,
        ),
        ...together(
          gaps.filter((gap) => gap.level === "partly"),
          IN_PART,
        ),
      ];
    },
  }),
];

/** A feature used by the mail, and the clients with no or partial support. */
interface Gap {
  readonly feature: Feature;
  readonly level: "no" | "partly";
  /** The most used clients first. */
  readonly clients: readonly string[];
  readonly reach: number;
  readonly note: string | undefined;
  /** The substitute in these clients; undefined if the lack is a problem. */
  readonly reason: string | undefined;
  readonly uses: readonly Use[];
}

/** Returns the gaps, those that affect the most readers first. */
function gapsOf(html: HtmlDocument, audience: Audience): Gap[] {
  const usage = usageOf(html);
  return [...FEATURES.values()]
    .filter(({ slug }) => !TOLD_ELSEWHERE.has(slug))
    .flatMap((feature) => gapOf(feature, usesOf(feature, usage), audience))
    .sort((a, b) => b.reach - a.reach);
}

function usesOf({ slug }: Feature, usage: Usage): readonly Use[] {
  return tracesOf(slug).flatMap((trace) => usage.get(trace) ?? []);
}

function gapOf(feature: Feature, uses: readonly Use[], audience: Audience): Gap[] {
  if (uses.length === 0) return [];
  const support = [...audience]
    .map(([client, share]) => {
      const { level, note } = feature.supportIn(client);
      return { client, share, level, note };
    })
    .sort((a, b) => b.share - a.share);
  const level = (["no", "partly"] as const).find((wanted) =>
    support.some((one) => one.level === wanted && one.share > 0),
  );
  if (level === undefined) return [];
  const clients = support.filter((one) => one.level === level && one.share > 0);
  const isOptional = uses.every((use) => use.isOptional);
  return [
    {
      feature,
      level,
      clients: clients.map(({ client }) => client),
      reach: clients.reduce((sum, { share }) => sum + share, 0),
      note: clients[0]?.note,
      reason: isOptional ? "it stands in @supports" : gracefulReason(feature.slug),
      uses,
    },
  ];
}

function isHarmful({ level, reason }: Gap): boolean {
  return level === "no" && reason === undefined;
}

function faultOf({ feature, clients, reach, note, uses }: Gap): Fault {
  const why = note === undefined ? "" : `: ${plainNote(note)}`;
  return {
    message: `${feature.title} is not known to ${clientList(clients)}, ${percent(reach)} of readers${why}`,
    source: `${feature.url} (${SUPPORT_DATE})`,
    features: [feature.slug],
    reach,
    at: uses.map(({ at }) => at),
    ...(reach < LEAST_REACH && { severity: "info" }),
  };
}

interface Words {
  readonly says: (what: string, clients: string) => string;
  readonly fix: string;
}

const HARMLESS: Words = {
  says: (what, clients) => `Not every client knows ${what}, and none needs it: ${clients}`,
  fix: "nothing: the content stays the same",
};

const IN_PART: Words = {
  says: (what, clients) => `Some clients know only a part of ${what}: ${clients}`,
  fix: "see caniemail.com if something looks wrong there",
};

/** Combines all notes in one finding. */
function together(gaps: readonly Gap[], { says, fix }: Words): Fault[] {
  if (gaps.length === 0) return [];
  const titles = gaps.map(({ feature }) => feature.title);
  const rest = titles.length - MOST_FEATURES;
  const shown = rest > 1 ? [...titles.slice(0, MOST_FEATURES), `${rest} more`] : titles;
  const clients = [...new Set(gaps.flatMap((gap) => gap.clients))];
  return [
    {
      message: says(listed(shown), clientList(clients)),
      fix,
      severity: "info",
      features: gaps.map(({ feature }) => feature.slug),
      reach: gaps[0]?.reach ?? 0,
    },
  ];
}

function clientList(clients: readonly string[]): string {
  const names = clients.map(clientName);
  const rest = names.length - MOST_CLIENTS;
  return listed(rest > 1 ? [...names.slice(0, MOST_CLIENTS), `${rest} more`] : names);
}

/** `Intl.ListFormat` gives the same text, but takes longer to load than this whole rule. */
function listed(words: readonly string[]): string {
  const rest = words.slice(0, -1).join(", ");
  return rest === "" ? words.join("") : `${rest} and ${words.at(-1)}`;
}

function percent(share: number): string {
  return `${Math.max(1, Math.round(share * 100))}%`;
}

/** Notes are in Markdown, with several sentences. */
function plainNote(note: string): string {
  const plain = note
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^(?:Partial|Buggy|Not supported)\. /, "");
  return plain.replace(/\s+/g, " ").replace(/\.$/, "");
}

/**
 * Features that a mail may use although some clients lack them, and what readers of those clients see instead. The lack of any
 * other feature changes the content or breaks the layout.
 */
const REASONS: readonly (readonly [reason: string, slugs: string])[] = [
  [
    "what is written into the elements themselves holds there",
    "html-style css-at-media css-at-media-orientation css-at-media-device-pixel-ratio css-selector-class " +
      "css-selector-id css-selector-type css-selector-grouping css-selector-chaining css-selector-child " +
      "css-selector-descendant css-selector-adjacent-sibling css-selector-general-sibling css-selector-attribute " +
      "css-selector-universal css-important css-comments css-pseudo-class-link css-pseudo-class-not " +
      "css-pseudo-class-first-child css-pseudo-class-last-child css-pseudo-class-nth-child",
  ],
  [
    "the light colours hold there, or the client makes dark ones of its own",
    "css-at-media-prefers-color-scheme css-color-scheme html-meta-color-scheme",
  ],
  [
    "nothing moves there, and nothing answers to the pointer",
    "css-at-media-hover css-at-media-prefers-reduced-motion css-animation css-at-keyframes css-transition " +
      "css-pseudo-class-hover css-pseudo-class-active css-pseudo-class-focus css-pseudo-class-focus-visible " +
      "css-pseudo-class-focus-within css-pseudo-class-visited css-pseudo-class-target css-cursor " +
      "css-user-select css-resize css-scroll-snap",
  ],
  ["nothing is jumped to there, and the list reads as it is", "html-anchor-links"],
  ["an align attribute beside it does the same there", "css-float"],
  ["corners are square there", "css-border-radius css-border-radius-logical"],
  [
    "it looks plainer there, and says the same",
    "css-box-shadow css-text-shadow css-text-underline-offset css-text-underline-position " +
      "css-text-decoration-color css-text-decoration-style css-text-decoration-thickness " +
      "css-text-decoration-skip-ink css-letter-spacing css-word-spacing css-text-emphasis " +
      "css-text-emphasis-position css-font-kerning css-font-stretch css-font-size-adjust css-accent-color " +
      "css-outline css-outline-offset css-border-image css-list-style-image css-list-style-position " +
      "css-pseudo-element-first-letter css-pseudo-element-first-line css-pseudo-element-marker " +
      "css-background-position css-background-repeat css-background-size css-background-origin css-background-clip " +
      "css-opacity css-backdrop-filter css-text-transform css-border-collapse css-border-spacing css-empty-cells",
  ],
  [
    "lines break in other places there",
    "css-hyphens css-hyphenate-character css-hyphenate-limit-chars css-text-wrap css-white-space css-word-break css-word-wrap " +
      "css-overflow-wrap css-widows css-orphans css-text-justify css-text-align-last css-white-space-collapse css-tab-size",
  ],
  ["the next font of the list is taken there", "css-at-font-face css-sytem-ui"],
  [
    "width attributes and tables carry the layout there",
    "css-max-width css-min-width css-max-height css-min-height css-clear css-box-sizing css-table-layout css-overflow " +
      "css-text-overflow css-aspect-ratio css-object-fit css-object-position css-height",
  ],
  ["a client without it passes over what stands in it", "css-at-supports"],
  ["the picture in src is shown there", "html-srcset html-picture html-loading-attribute"],
  ["links open as that client opens all links", "html-target"],
  [
    "it is for screen readers, which say less there",
    "html-role html-lang html-dir html-aria-label html-aria-labelledby html-aria-describedby html-aria-hidden " +
      "html-aria-live html-abbr html-acronym html-dfn html-semantics",
  ],
  [
    "the client puts its own page around the message",
    "html-doctype html-body html-comments css-direction",
  ],
];

const BY_SLUG: ReadonlyMap<string, string> = new Map(
  REASONS.flatMap(([reason, slugs]) => slugs.split(" ").map((slug) => [slug, reason] as const)),
);

/** Features with rules of their own: loaded styles and fonts. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(["html-link", "css-at-import"]);

/** Returns the substitute in clients without a feature; undefined if its lack is a problem. */
export function gracefulReason(slug: string): string | undefined {
  return BY_SLUG.get(slug);
}
