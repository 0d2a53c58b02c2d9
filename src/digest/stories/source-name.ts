import type { Article } from "../../article/article.ts";

/** What readers call the paper that an article is from: its own name, else its host; undefined where neither is known. */
export function sourceName({ site, url }: Pick<Article, "site" | "url">): string | undefined {
  return site || hostOf(url);
}

/** The host of an address without "www."; undefined where there is no address. */
export function hostOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : URL.parse(url)?.hostname.replace(/^www\./, "");
}

/**
 * Whether two articles are from one paper. Undefined where that cannot be told, as of two files that name
 * neither paper nor address.
 */
export function isSameSource(
  a: Pick<Article, "site" | "url">,
  b: Pick<Article, "site" | "url">,
): boolean | undefined {
  if (a.site && b.site && folded(a.site) === folded(b.site)) return true;
  const [host, other] = [hostOf(a.url), hostOf(b.url)];
  if (host && other) return host === other || isWithin(host, other) || isWithin(other, host);
  return a.site && b.site ? false : undefined;
}

/** Whether a host is a part of another: edition.paper.example of paper.example. */
export function isWithin(host: string, whole: string): boolean {
  return host.endsWith(`.${whole}`);
}

/** A name as it is compared: case, accents' encoding and spaces do not count. */
export function folded(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

/** A tag as it is compared: "#Deep-Sea" and "deep sea" are one. */
export function foldedTag(tag: string): string {
  return folded(tag.replace(/^[\s#]+/, "").replace(/[\s_-]+/g, " "));
}
