import { createHash } from "node:crypto";
import type { Article } from "../../article/article.ts";
import { canonicalLink } from "../../article/field-values.ts";
import { likenessOf } from "./likeness.ts";

/**
 * What an article is known by when it comes again, under another guid, date or address, or mended. All of it
 * is of what its source says, before a page completes it.
 */
export interface Fingerprint {
  /** The article's own: of a feed its guid's, else of its address or its words. */
  readonly id: string;
  /** The file that it is the whole of. */
  readonly file?: string;
  /** The address without what varies between two mentions of it, where it is this article's alone. */
  readonly link?: string;
  readonly title: string;
  /** A hash of the text's letters; empty where it has none. */
  readonly letters: string;
  /** 64 bits that change little when the text does, in hexadecimal; only of a text that is long enough. */
  readonly likeness?: string;
  /** The source of the config that it came from, as `SourceOutcome.source`. */
  readonly source: string;
}

interface Origin {
  /** The source of the config. */
  readonly source: string;
  /** The file that was read, where it holds one article. */
  readonly file?: string | undefined;
  /** Whether its articles came together, of a feed or an export. */
  readonly isCollection: boolean;
  /** The address of the site that a feed is of. */
  readonly site?: string | undefined;
}

/** What makes the fingerprints of articles that were read together from one place: the others say what is one's own. */
export function fingerprinter(
  articles: readonly Article[],
  origin: Origin,
): (article: Article) => Fingerprint {
  const shared = origin.isCollection ? sharedLinks(articles) : new Set<string>();
  if (origin.site !== undefined) shared.add(canonicalLink(origin.site));
  return (article) => fingerprintOf(article, origin, shared);
}

function fingerprintOf(
  { id, url, title, text }: Article,
  { source, file, isCollection }: Origin,
  shared: ReadonlySet<string>,
): Fingerprint {
  const link = url === undefined ? undefined : canonicalLink(url);
  // A page that is named itself may hold another article next week; what a feed links to may not.
  const isOwn = isCollection && link !== undefined && !isFrontPage(link) && !shared.has(link);
  const likeness = likenessOf(text);
  return {
    id,
    ...(file !== undefined && !isCollection && { file }),
    ...(isOwn && { link }),
    title,
    letters: lettersOf(text),
    ...(likeness !== undefined && { likeness }),
    source,
  };
}

/** Some feeds give all their items the address of the site, and some blogs all notes of a day that of the day. */
function sharedLinks(articles: readonly Article[]): Set<string> {
  const seen = new Map<string, string>();
  const shared = new Set<string>();
  for (const { id, url } of articles) {
    if (url === undefined) continue;
    const link = canonicalLink(url);
    if (seen.has(link) && seen.get(link) !== id) shared.add(link);
    seen.set(link, id);
  }
  return shared;
}

function isFrontPage(link: string): boolean {
  return !/[/?#]/.test(link);
}

function lettersOf(text: string): string {
  const letters = text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "");
  return letters === "" ? "" : createHash("sha256").update(letters).digest("hex").slice(0, 16);
}
