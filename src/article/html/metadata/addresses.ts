import { httpAddress } from "../../field-values.ts";
import type { Survey } from "./survey.ts";
import { isThing, type Thing } from "./json-ld.ts";

/** An address in a page made absolute; undefined for what is no http(s) address, and for data written as one. */
export function absoluteUrl(
  href: string | undefined,
  base: string | undefined,
): string | undefined {
  return (href?.trim().length ?? 0) > 4000 ? undefined : httpAddress(href, base);
}

/**
 * What links in a page are relative to: its `base`, else where it was read from, else the address
 * that it gives itself. Undefined for a saved page that says nothing of the kind.
 */
export function baseAddress(survey: Survey, location: string): string | undefined {
  const own = absoluteUrl(location, undefined) ?? declaredAddress(survey, undefined);
  return absoluteUrl(survey.baseHref, own) ?? own;
}

/** The feed that a page names (rssboard.org/rss-autodiscovery): of several the first, which has all stories. */
export function feedAddress({ links }: Survey, base: string | undefined): string | undefined {
  const found = links.find(
    ({ rel, type }) =>
      /\balternate\b/.test(rel) &&
      /^application\/(?:rss\+xml|atom\+xml|feed\+json)/.test(type.trim()),
  );
  return absoluteUrl(found?.href, base);
}

/** The address under which a page wants to be known. */
export function canonicalAddress(
  survey: Survey,
  story: Thing | undefined,
  location: string,
): string | undefined {
  const own = absoluteUrl(location, undefined);
  const page = story?.["mainEntityOfPage"];
  const candidates = [
    declaredAddress(survey, own),
    typeof story?.["url"] === "string" ? story["url"] : undefined,
    typeof page === "string"
      ? page
      : isThing(page) && typeof page["@id"] === "string"
        ? page["@id"]
        : undefined,
  ];
  const declared = candidates
    .map((href) => absoluteUrl(href, own))
    .find((href) => href !== undefined && !isFrontPage(href, own));
  return declared ?? own;
}

function declaredAddress(
  { links, metas, formats }: Survey,
  base: string | undefined,
): string | undefined {
  const canonical = links.find(({ rel }) => rel.split(/\s+/).includes("canonical"))?.href;
  const format = formats.get("u-canonical")?.[0] ?? formats.get("p-canonical")?.[0];
  return [canonical, metas.get("og:url")?.[0], format?.getAttribute("href") ?? undefined]
    .map((href) => absoluteUrl(href, base))
    .find((href) => href !== undefined && !isFrontPage(href, base));
}

// Broken templates call every page by the address of the front page.
function isFrontPage(href: string, own: string | undefined): boolean {
  const { pathname, search } = new URL(href);
  if (pathname !== "/" || search !== "") return false;
  return own === undefined || new URL(own).pathname !== "/";
}
