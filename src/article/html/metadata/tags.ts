import { listOf, type Thing } from "./json-ld.ts";
import { plainValue } from "./plain-value.ts";
import { isElsewhere, type Survey } from "./survey.ts";

const MOST = 8;

/** What a page files its story under: its section first, then its tags. */
export function readTags({ metas, tagLinks, formats }: Survey, story: Thing | undefined): string[] {
  const section = [
    ...listOf(story?.["articleSection"]).map(plainValue),
    metas.get("article:section")?.[0],
  ];
  const own = [
    () => metas.get("article:tag") ?? [],
    () => listOf(story?.["keywords"]).flatMap((value) => plainValue(value) ?? []),
    () =>
      tagLinks
        .filter((link) => !isElsewhere(link))
        .flatMap((link) => plainValue(link.textContent) ?? []),
    () =>
      ["p-category", "p-tag"]
        .flatMap((name) => formats.get(name) ?? [])
        .flatMap((tag) => plainValue(tag.textContent) ?? []),
    () => metas.get("news_keywords") ?? [],
  ];
  const tags = own.map((read) => read().flatMap(split)).find((list) => list.length > 0) ?? [];
  const all = [section.find((name) => name !== undefined), ...tags].filter(
    (tag) => tag !== undefined && isTag(tag),
  );
  const distinct = new Map(all.map((tag) => [tag?.toLowerCase(), tag ?? ""]));
  return [...distinct.values()].slice(0, MOST);
}

function split(tags: string): string[] {
  return tags.split(/[,;、，]/).map((tag) => tag.trim().replace(/^#(?=\p{L})/u, ""));
}

// Systems file under keys of their own as well: "type:article", "nid-48213".
function isTag(tag: string): boolean {
  return (
    tag.length > 1 &&
    tag.length <= 40 &&
    /\p{L}/u.test(tag) &&
    !/^[\w-]+:[\w-]|^\w+-\d{3,}$|^uncategorized$/i.test(tag)
  );
}
