import { createHash } from "node:crypto";
import { canonicalLink } from "./canonical-link.ts";

/** What an item can be known by. */
export interface Identifiable {
  readonly guid?: string | undefined;
  readonly link?: string | undefined;
  readonly title: string;
  readonly text: string;
}

/**
 * An id for each item of a feed, the same whenever and wherever the feed is read: of its guid, else of its
 * link and title, else of its words; never of its date, which changes with every correction. Two items have
 * the same id only where they are the same item twice. `feed` is the address of the site or the feed.
 */
export function identify(items: readonly Identifiable[], feed: string): string[] {
  const reused = reusedGuids(items);
  return items.map((item) => {
    const { guid = "", link, title, text } = item;
    if (guid !== "" && !reused.has(guid))
      return hash(isUnique(guid) ? guid : `${canonicalLink(feed)}\n${guid}`);
    if (link !== undefined) return hash(`${canonicalLink(link)}\n${nameOf(item)}`);
    return hash(`${canonicalLink(feed)}\n${title}\n${text}`);
  });
}

// Short notes have no title, and some blogs give all notes of a day one address.
function nameOf({ title, text }: Identifiable): string {
  return title === "" ? text.slice(0, 200) : title;
}

// Broken feeds give one guid to different stories. Then it says nothing about any of them.
function reusedGuids(items: readonly Identifiable[]): ReadonlySet<string> {
  const first = new Map<string, Identifiable>();
  const reused = new Set<string>();
  for (const item of items) {
    const { guid = "", link } = item;
    const other = first.get(guid);
    if (!other) first.set(guid, item);
    else if (other.link !== link || nameOf(other) !== nameOf(item)) reused.add(guid);
  }
  return reused;
}

// A URI, a tag: or a UUID means one thing in the world; "1234" means one thing in one feed.
function isUnique(guid: string): boolean {
  return (
    /^[a-z][a-z\d+.-]*:\S/i.test(guid) || /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(guid)
  );
}

// 64 bits, as all articles' ids have.
function hash(identity: string): string {
  return createHash("sha256").update(identity).digest("hex").slice(0, 16);
}
