/**
 * Features that a mail may use although not every client knows them, and what those clients' readers get
 * in their place. What isn't listed changes what is said, or breaks the layout.
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
    "css-hyphens css-hyphenate-character css-hyphenate-limit-chars css-text-wrap css-word-break css-word-wrap " +
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

/** What rules of their own tell: styles and fonts that are fetched. */
export const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(["html-link", "css-at-import"]);

/** What readers get where a feature isn't known; undefined where that matters. */
export function gracefulReason(slug: string): string | undefined {
  return BY_SLUG.get(slug);
}
