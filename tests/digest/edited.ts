import type { Digest, Entry } from "../../src/digest/digest.ts";

/** A digest in which a person has changed a story, counted from 0 through all sections. */
export function edited(digest: Digest, story: number, change: (entry: Entry) => Entry): Digest {
  let at = 0;
  const sections = digest.sections.map((section) => {
    const entries = section.entries.map((entry) => (at++ === story ? change(entry) : entry));
    return { heading: section.heading, entries };
  });
  return { ...digest, sections };
}
