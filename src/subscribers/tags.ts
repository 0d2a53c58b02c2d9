/** More than that is a column of something else. */
const MOST_TAGS = 100;
const LONGEST_TAG = 100;

/**
 * The tags in a cell, parted by semicolons, commas or bars, each once; or why they can't be taken.
 */
export function readTags(cell: string): readonly string[] | { readonly fault: string } {
  if (cell === "") return NONE;
  const tags = cell.split(/[;,|]/).map((tag) => tag.trim().replace(/^"(.*)"$/, "$1"));
  return checkedTags(tags);
}

export function checkedTags(
  written: readonly string[],
): readonly string[] | { readonly fault: string } {
  const tags = new Map<string, string>();
  for (const tag of written.map((tag) => tag.trim())) {
    if (/\p{Cc}/u.test(tag)) return { fault: "has a tag with a line break or a control character" };
    if (tag.length > LONGEST_TAG)
      return { fault: `has a tag of more than ${LONGEST_TAG} characters` };
    if (tag !== "" && !tags.has(tagKey(tag))) tags.set(tagKey(tag), tag);
  }
  if (tags.size > MOST_TAGS) return { fault: `has more than ${MOST_TAGS} tags` };
  return [...tags.values()];
}

/** Both lists of tags as one. */
export function joinTags(tags: readonly string[], others: readonly string[]): readonly string[] {
  if (others.length === 0) return tags;
  const known = new Set(tags.map(tagKey));
  const fresh = others.filter((tag) => !known.has(tagKey(tag)));
  return fresh.length === 0 ? tags : [...tags, ...fresh];
}

/** "VIP" and "vip" are one tag. */
export function tagKey(tag: string): string {
  return tag.normalize("NFC").toLowerCase();
}

const NONE: readonly string[] = [];
