import type { Digest, Entry } from "../digest.ts";

/** The entries of all sections, in the order in which they are told. */
export function flatEntries({ sections }: Digest): Entry[] {
  return sections.flatMap(({ entries }) => entries);
}

/**
 * The digest with other entries in its sections: each keeps as many as it had, and the last one takes
 * what is left. So a story that goes up far enough leads, and the one that led goes into the section.
 */
export function withEntries(digest: Digest, entries: readonly Entry[]): Digest {
  const left = [...entries];
  const last = digest.sections.length - 1;
  const sections = digest.sections
    .map((section, index) => ({
      ...section,
      entries: index === last ? left.splice(0) : left.splice(0, section.entries.length),
    }))
    .filter((section) => section.entries.length > 0);
  return { ...digest, sections };
}
