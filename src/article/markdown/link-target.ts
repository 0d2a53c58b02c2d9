import { hasMarker } from "./mask.ts";

/**
 * Where a link leads that a mail may have: http, https or mailto. A relative one is resolved against the
 * article's own address; without that it leads nowhere, and is undefined.
 */
export function linkTarget(href: string | undefined, base: string | undefined): string | undefined {
  if (!href || hasMarker(href)) return undefined;
  if (/^(?:https?:\/\/|mailto:)/i.test(href)) return URL.canParse(href) ? href : undefined;
  if (/^[a-z][a-z\d+.-]*:/i.test(href) || href.startsWith("#") || base === undefined)
    return undefined;
  return URL.canParse(href, base) ? new URL(href, base).href : undefined;
}
