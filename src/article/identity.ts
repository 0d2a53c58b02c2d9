import { createHash } from "node:crypto";
import type { Article } from "./article.ts";

/** An article's id. 64 bits prevent collisions in any archive and are short enough to read. */
export function hashId(identity: string): string {
  return createHash("sha256").update(identity).digest("hex").slice(0, 16);
}

/** A hash of the letters and digits of a text, without case; empty if it has none. */
export function lettersHash(text: string): string {
  const letters = text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "");
  return letters === "" ? "" : hashId(letters);
}

const CAMPAIGN = /^(?:utm_\w+|fbclid|gclid|mc_[ce]id|igshid|cmpid|ncid|at_\w+|ns_\w+|xtor)$/i;

/**
 * A form of an address for comparison, not for opening. It omits differences between links to the same page: http or
 * https, "www.", a final slash, and campaign parameters.
 */
export function canonicalLink(address: string): string {
  if (!URL.canParse(address)) return address.trim();
  const url = new URL(address);
  const campaign = [...url.searchParams.keys()].filter((name) => CAMPAIGN.test(name));
  for (const name of campaign) url.searchParams.delete(name);
  const path = url.pathname.replace(/\/$/, "");
  return `${url.host.replace(/^www\./, "")}${path}${url.search}${url.hash}`;
}

/** The name of an article's source: its site, or its host; undefined if neither is known. */
export function sourceName({ site, url }: Pick<Article, "site" | "url">): string | undefined {
  return site || hostOf(url);
}

/** The host of an address without "www."; undefined without an address. */
export function hostOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : URL.parse(url)?.hostname.replace(/^www\./, "");
}

/** Whether two articles have the same source; undefined if neither their sites nor their hosts decide it. */
export function isSameSource(
  a: Pick<Article, "site" | "url">,
  b: Pick<Article, "site" | "url">,
): boolean | undefined {
  if (a.site && b.site && folded(a.site) === folded(b.site)) return true;
  const [host, other] = [hostOf(a.url), hostOf(b.url)];
  if (host && other) return host === other || isWithin(host, other) || isWithin(other, host);
  return a.site && b.site ? false : undefined;
}

/** Whether a host is a subdomain of another: edition.paper.example of paper.example. */
export function isWithin(host: string, whole: string): boolean {
  return host.endsWith(`.${whole}`);
}

/** A name for comparison, without differences in case, spaces and Unicode form. */
export function folded(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

/** A tag for comparison: "#Deep-Sea" and "deep sea" are equal. */
export function foldedTag(tag: string): string {
  return folded(tag.replace(/^[\s#]+/, "").replace(/[\s_-]+/g, " "));
}

const hashes = new WeakMap<object, string>();

/** A hash of an immutable value, computed once, as a short key. */
export function hashOf(value: object): string {
  const known = hashes.get(value);
  const hash = known ?? createHash("sha256").update(JSON.stringify(value)).digest("base64");
  if (known === undefined) hashes.set(value, hash);
  return hash;
}
